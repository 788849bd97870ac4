"""INMET's catalogue of stations, automatic or conventional: what is known of each, and no hour.

    DC_NOME;SG_ESTADO;CD_SITUACAO;VL_LATITUDE;VL_LONGITUDE;VL_ALTITUDE;DT_INICIO_OPERACAO;CD_ESTACAO

In every pair compared, DT_INICIO_OPERACAO is one day before the founding date in the portal's file:
it is midnight UTC as UTC-3 has it, 21 hours of the day before, of which the page shows the date.
"""

from __future__ import annotations

import csv
import re
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa

from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.inmet.published import PUBLISHED_STATION_PATTERN
from inmet_platform.inmet.readers.header import detect_layout
from inmet_platform.inmet.readers.layout import Layout
from inmet_platform.inmet.readers.report import Reading, Report
from inmet_platform.inmet.readers.station import StationHeader, plain_name
from inmet_platform.inmet.readers.station_sense import sound_header
from inmet_platform.inmet.readers.text import csv_text, fold
from inmet_platform.inmet.readers.time_texts import day
from inmet_platform.inmet.schema import OBSERVATION_SCHEMA

_NUMBER = re.compile(r"[-+]?\d{1,6}(\.\d*)?", re.ASCII)


def read_catalogue(data: bytes, *, file: str) -> dict[str, StationHeader]:
    """The stations of a catalogue by their code.

    Raises:
        UnreadableFile: it is no catalogue; a column is missing; a cell is not the number or date it
            should be; a station stands there twice.
    """
    place = Place(file)
    text = csv_text(data, place)
    return stations_of(text.data, detect_layout(text.data, text.encoding, place), place)


def stations_of(data: bytes, layout: Layout, place: Place) -> dict[str, StationHeader]:
    """As `read_catalogue`, of a text whose layout is known."""
    # Half of the copies in use have lost their accents, so a wrong byte is accepted.
    encoding = "latin-1" if layout.encoding == "latin-1" else "utf-8"
    lines = data[layout.data_offset :].decode(encoding, errors="replace").splitlines()
    names = [fold(name).replace(" ", "_") for name in layout.columns]
    rows = csv.DictReader(lines, names, delimiter=layout.delimiter)
    found: dict[str, StationHeader] = {}
    for number, row in enumerate(rows, start=layout.header_line + 1):
        try:
            station = _station(row)
            if station.station_id in found:
                raise ValueError(f"{station.station_id} again")
        except (KeyError, ValueError, AttributeError, TypeError) as error:
            # A KeyError names the column; the others say what is wrong.
            missing = f"no column {error.args[0].upper()}" if isinstance(error, KeyError) else ""
            raise UnreadableFile(
                place.at(number),
                expected="a station of INMET's catalogue (DC_NOME;SG_ESTADO;…;CD_ESTACAO)",
                found=missing or str(error),
            ) from error
        found[station.station_id] = station
    if not found:
        raise UnreadableFile(place, expected="a catalogue of stations", found="no station")
    return found


def _station(row: dict[str, str]) -> StationHeader:
    code = row["cd_estacao"].strip().upper()
    if not re.fullmatch(PUBLISHED_STATION_PATTERN, code, re.ASCII):
        raise ValueError(f"no station's code: {code!r}")
    return StationHeader(
        station_id=code,
        name=plain_name(row["dc_nome"]),
        uf=plain_name(row["sg_estado"]),
        latitude_deg=_number(row["vl_latitude"]),
        longitude_deg=_number(row["vl_longitude"]),
        altitude_m=_number(row.get("vl_altitude") or ""),
        founded_on=_founded(row["dt_inicio_operacao"].strip()),
    )


def _number(text: str) -> float | None:
    text = text.strip().replace(",", ".")
    if text in {"", "null"}:
        return None
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"no number: {text!r}")
    return float(text)


def _founded(text: str) -> date:
    """The date in UTC, of the page's date or of a timestamp of INMET's API."""
    if "T" in text:
        return datetime.fromisoformat(text).astimezone(UTC).date()
    number = day(text)
    if number is None:
        raise ValueError(f"no date: {text!r}")
    return date(1970, 1, 1) + timedelta(days=number + 1)


def same_name(first: str, second: str) -> bool:
    """Whether two names are equal apart from accents, case, spaces and punctuation."""
    return fold(first).replace(" ", "") == fold(second).replace(" ", "")


def catalogue_readings(data: bytes, layout: Layout, place: Place) -> list[Reading]:
    """One reading for each station of a catalogue.

    Raises:
        UnreadableFile: as `read_catalogue`.
    """
    return [_reading(it, layout, place) for it in stations_of(data, layout, place).values()]


def _reading(station: StationHeader, layout: Layout, place: Place) -> Reading:
    no_pressure = pa.chunked_array([pa.nulls(0, pa.float64())])
    header, told = sound_header(station, no_pressure)
    report = Report(
        file=place.file,
        member=place.member,
        format=layout.format,
        encoding=layout.encoding,
        station_id=header.station_id,
        station_name=header.name,
        station_source="file",
        repairs=tuple(told),
    )
    return Reading(OBSERVATION_SCHEMA.empty_table(), header, report)
