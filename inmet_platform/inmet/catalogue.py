"""INMET's catalogue of automatic stations: what it says of each, to compare files with.

    DC_NOME;SG_ESTADO;CD_SITUACAO;VL_LATITUDE;VL_LONGITUDE;VL_ALTITUDE;DT_INICIO_OPERACAO;CD_ESTACAO

Its start of operation is one day before the founding date of the portal's files in all pairs
counted: midnight of UTC-3, cut to a date.
"""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from inmet_platform.errors import Place, UnreadableFile


@dataclass(frozen=True)
class CatalogueStation:
    """One line; degrees, metres."""

    station_id: str
    name: str
    uf: str
    latitude_deg: float
    longitude_deg: float
    operating_since: date


def read_catalogue(data: bytes, *, file: str) -> dict[str, CatalogueStation]:
    """The stations of a catalogue, by code.

    Raises:
        UnreadableFile: it lacks a column, or a cell is no number or no date.
    """
    # Half of the copies that circulate have lost their accents, so a wrong byte is no refusal.
    lines = data.decode("utf-8-sig", errors="replace").splitlines()
    found = {}
    for number, row in enumerate(csv.DictReader(lines, delimiter=";"), start=2):
        try:
            station = _station(row)
        except (KeyError, ValueError, AttributeError, TypeError) as error:
            raise UnreadableFile(
                Place(file, line=number),
                expected="a station of INMET's catalogue (DC_NOME;SG_ESTADO;…;CD_ESTACAO)",
                found=f"{type(error).__name__}: {error}",
            ) from error
        found[station.station_id] = station
    if not found:
        raise UnreadableFile(Place(file), expected="a catalogue of stations", found="no station")
    return found


def _station(row: dict[str, str]) -> CatalogueStation:
    since = datetime.strptime(row["DT_INICIO_OPERACAO"], "%d/%m/%Y").date()  # noqa: DTZ007 - a date
    return CatalogueStation(
        row["CD_ESTACAO"],
        row["DC_NOME"],
        row["SG_ESTADO"],
        _number(row["VL_LATITUDE"]),
        _number(row["VL_LONGITUDE"]),
        since,
    )


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def same_name(first: str, second: str) -> bool:
    """Whether two names are one, but for accents, case, spaces and punctuation."""
    return _folded(first) == _folded(second)


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "".join(char for char in plain.upper() if char.isalnum())
