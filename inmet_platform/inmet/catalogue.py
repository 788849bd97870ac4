"""INMET's catalogue of automatic stations, to compare the files with.

    DC_NOME;SG_ESTADO;CD_SITUACAO;VL_LATITUDE;VL_LONGITUDE;VL_ALTITUDE;DT_INICIO_OPERACAO;CD_ESTACAO

In every pair compared, DT_INICIO_OPERACAO is one day before the founding date in the portal's file:
it is midnight of UTC-3, cut to a date.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime

from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.inmet.readers.text import fold


@dataclass(frozen=True)
class CatalogueStation:
    """One line of the catalogue; the place in degrees."""

    station_id: str
    name: str
    uf: str
    latitude_deg: float
    longitude_deg: float
    operating_since: date


def read_catalogue(data: bytes, *, file: str) -> dict[str, CatalogueStation]:
    """The stations of a catalogue by their code.

    Raises:
        UnreadableFile: a column is missing, or a cell is not the number or date it should be.
    """
    # Half of the copies in use have lost their accents, so a wrong byte is accepted.
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
    latitude, longitude = (
        float(row[name].replace(",", ".")) for name in ("VL_LATITUDE", "VL_LONGITUDE")
    )
    names = row["CD_ESTACAO"], row["DC_NOME"], row["SG_ESTADO"]
    return CatalogueStation(*names, latitude, longitude, since)


def same_name(first: str, second: str) -> bool:
    """Whether two names are equal apart from accents, case, spaces and punctuation."""
    return fold(first).replace(" ", "") == fold(second).replace(" ", "")
