"""INMET's catalogue of stations, automatic or conventional: what is known of each, and no hour.

    DC_NOME;SG_ESTADO;CD_SITUACAO;VL_LATITUDE;VL_LONGITUDE;VL_ALTITUDE;DT_INICIO_OPERACAO;CD_ESTACAO

In every pair compared, DT_INICIO_OPERACAO is one day before the founding date in the portal's file:
it is midnight of UTC-3, cut to a date.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date, datetime

from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.inmet.published import PUBLISHED_STATION_PATTERN
from inmet_platform.inmet.readers.layout import Layout
from inmet_platform.inmet.readers.report import Reading, Report
from inmet_platform.inmet.readers.station import StationHeader
from inmet_platform.inmet.readers.text import fold
from inmet_platform.inmet.schema import OBSERVATION_SCHEMA


@dataclass(frozen=True)
class CatalogueStation:
    """One line of the catalogue; the place in degrees."""

    station_id: str
    name: str
    uf: str
    latitude_deg: float
    longitude_deg: float
    operating_since: date
    altitude_m: float | None = None


def read_catalogue(data: bytes, *, file: str, delimiter: str = ";") -> dict[str, CatalogueStation]:
    """The stations of a catalogue by their code.

    Args:
        data: a CSV.
        file: its name, for messages.
        delimiter: what separates its fields.

    Raises:
        UnreadableFile: a column is missing, or a cell is not the number or date it should be.
    """
    # Half of the copies in use have lost their accents, so a wrong byte is accepted.
    lines = data.decode("utf-8-sig", errors="replace").splitlines()
    found = {}
    for number, row in enumerate(csv.DictReader(lines, delimiter=delimiter), start=2):
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
    latitude, longitude = (
        float(row[name].replace(",", ".")) for name in ("VL_LATITUDE", "VL_LONGITUDE")
    )
    altitude = (row.get("VL_ALTITUDE") or "").replace(",", ".")
    code = row["CD_ESTACAO"].strip().upper()
    if not re.fullmatch(PUBLISHED_STATION_PATTERN, code, re.ASCII):
        raise ValueError(f"no station's code: {code!r}")
    return CatalogueStation(
        code,
        row["DC_NOME"],
        row["SG_ESTADO"],
        latitude,
        longitude,
        _day(row["DT_INICIO_OPERACAO"]),
        float(altitude) if altitude else None,
    )


def _day(text: str) -> date:
    """A date as the page of the catalogue writes it, or a timestamp of INMET's API."""
    if "/" in text:
        return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a date
    return date.fromisoformat(text.partition("T")[0])


def same_name(first: str, second: str) -> bool:
    """Whether two names are equal apart from accents, case, spaces and punctuation."""
    return fold(first).replace(" ", "") == fold(second).replace(" ", "")


def catalogue_readings(data: bytes, layout: Layout, place: Place) -> list[Reading]:
    """One reading for each station of a catalogue.

    Raises:
        UnreadableFile: a column is missing, or a cell is not the number or date it should be.
    """
    stations = read_catalogue(data, file=place.file, delimiter=layout.delimiter)
    return [_reading(station, layout, place) for station in stations.values()]


def _reading(station: CatalogueStation, layout: Layout, place: Place) -> Reading:
    header = StationHeader(
        station_id=station.station_id,
        name=station.name,
        uf=station.uf,
        latitude_deg=station.latitude_deg,
        longitude_deg=station.longitude_deg,
        altitude_m=station.altitude_m,
        founded_on=station.operating_since,
    )
    report = Report(
        file=place.file,
        member=place.member,
        format=layout.format,
        encoding=layout.encoding,
        station_id=header.station_id,
        station_name=header.name,
        station_source="file",
    )
    return Reading(OBSERVATION_SCHEMA.empty_table(), header, report)
