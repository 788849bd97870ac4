"""From one file of hourly observations, in any format, to the canonical tables: one a station.

wrapped.py   out of gzip and workbooks, text.py to text
parts.py     the pieces of a file that was joined from several
layout.py    where the header is, which column holds what
rows.py      the rows, repair.py those that are not as INMET writes them
times.py     the hours
stations.py  whose hours they are
sense.py     whether the whole makes sense
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.inmet.published import PUBLISHED_FORMATS
from inmet_platform.inmet.readers.catalogue import catalogue_readings
from inmet_platform.inmet.readers.header import detect_layout
from inmet_platform.inmet.readers.layout import HOURLY_FORMATS, Layout
from inmet_platform.inmet.readers.parts import parts
from inmet_platform.inmet.readers.published import read_published
from inmet_platform.inmet.readers.repair import repaired_rows, require_whole_last_line
from inmet_platform.inmet.readers.repeated_hours import repeated_hours
from inmet_platform.inmet.readers.report import Reading, Report, remarks
from inmet_platform.inmet.readers.rows import Rows, parse_rows, require_rows
from inmet_platform.inmet.readers.sense import (
    require_mislabel,
    require_sound_hours,
    require_sound_values,
)
from inmet_platform.inmet.readers.station import (
    StationHeader,
    parse_metadata,
    station_header,
)
from inmet_platform.inmet.readers.station_sense import sound_header
from inmet_platform.inmet.readers.stations import Station, stations
from inmet_platform.inmet.readers.text import Text, csv_text
from inmet_platform.inmet.readers.times import observed_at
from inmet_platform.inmet.readers.units import conversion, unit_of
from inmet_platform.inmet.readers.wrapped import unwrapped
from inmet_platform.inmet.schema import OBSERVATION_SCHEMA, VARIABLE_NAMES

# Part of every landing key. Raise it when the readers make another table of the same bytes.
READER_VERSION = 2


def read_stations(
    data: bytes,
    *,
    file: str,
    member: str | None = None,
    station_id: str | None = None,
    received_at: datetime | None = None,
) -> list[Reading]:
    """Read a file of hourly observations, of BDMEP's days or months, or a catalogue of stations.

    Args:
        data: the file's bytes.
        file: its name, for messages, and for the station's code when the file names none.
        member: its name inside a zip.
        station_id: the station as the uploader names it, for files that name none.
        received_at: UTC; no hour can be more than a day later.

    Returns:
        One reading for each station and each metadata block of the file: one row per hour in the
        order of the file, also for hours without any value. Nearly all files have one. Of days and
        months the table is in `PUBLISHED_SCHEMA`; of a catalogue it is empty.

    Raises:
        UnreadableFile: the file is not as expected; it says where, what was expected and found.
    """
    place = Place(file, member)
    table = unwrapped(data, place)
    text = csv_text(table.data, place)
    layout = detect_layout(text.data, text.encoding, place)
    if layout.format == "catalogue":
        return catalogue_readings(text.data, layout, place)
    if layout.format in PUBLISHED_FORMATS:
        return [
            read_published(text.data, layout, place, station_id=station_id, received_at=received_at)
        ]
    found: list[Reading] = []
    for parsed in _parsed_parts(text, layout, place, table.remarks):
        for station in stations(parsed.header, parsed.rows, parsed.layout, place, station_id):
            found.append(_reading(parsed, station, received_at))
    return found


def read_observations(
    data: bytes,
    *,
    file: str,
    member: str | None = None,
    station_id: str | None = None,
    received_at: datetime | None = None,
) -> Reading:
    """Read a file of one station, as `read_stations` does.

    Raises:
        UnreadableFile: also when the file holds several stations or blocks.
    """
    place = Place(file, member)
    found = read_stations(
        data, file=file, member=member, station_id=station_id, received_at=received_at
    )
    if len(found) > 1:
        each = ", ".join(reading.report.station_id or "" for reading in found)
        raise UnreadableFile(place, expected="one station", found=f"{len(found)}: {each}")
    return found[0]


@dataclass(frozen=True)
class _Parsed:
    """A part of a file before its stations are told apart; columns have the shape (n,)."""

    place: Place
    layout: Layout
    header: StationHeader | None
    rows: Rows
    times: pa.Array
    values: dict[str, pa.Array]
    told: tuple[str, ...]

    @property
    def outer_extremes(self) -> dict[str, tuple[float, float]]:
        """Those of `Rows`, by variable, of the columns that nothing was converted in."""
        positions = self.layout.variables.items()
        kept = {name: at for name, at in positions if self.values[name] is self.rows.columns[at]}
        return {name: self.rows.outer_extremes[at] for name, at in kept.items()}


def _parsed_parts(
    text: Text, layout: Layout, place: Place, told: tuple[str, ...]
) -> Iterator[_Parsed]:
    """The file as one table where its rows are of one; else each of its parts."""
    rows = parse_rows(text.data, layout) if layout.variables else None
    if rows:
        yield _parsed(text.data, layout, place, told, rows)
        return
    for part in parts(text.data):
        of_part = detect_layout(part.data, text.encoding, place, part.lines_before)
        if of_part.format not in HOURLY_FORMATS:
            raise UnreadableFile(
                place.at(of_part.header_line),
                expected="hourly observations, as at the beginning of the file",
                found=f"a table of another kind ({of_part.format})",
                remedy="Send the two tables apart, or in a zip.",
            )
        yield _parsed(part.data, of_part, place, told)


def _parsed(
    data: bytes, layout: Layout, place: Place, told: tuple[str, ...], rows: Rows | None = None
) -> _Parsed:
    _require_hourly_variables(layout, place)
    header = station_header(parse_metadata(layout.metadata, layout.first_line), place)
    require_rows(data, layout, place)
    require_whole_last_line(data, layout, place)
    rows = rows or parse_rows(data, layout) or repaired_rows(data, layout, place)
    times = observed_at(rows, layout, place)
    values, converted = _canonical(rows, layout, place)
    told = (*told, *rows.repairs, *times.remarks, *converted)
    return _Parsed(place, layout, header, rows, times.observed_at, values, told)


def _require_hourly_variables(layout: Layout, place: Place) -> None:
    where = place.at(layout.header_line)
    if not layout.variables:
        raise UnreadableFile(where, expected="at least one variable", found="none")
    for variable in layout.variables:
        unit = layout.unit_of(variable)
        if unit and conversion(variable, unit) is None:
            raise UnreadableFile(
                where,
                expected=f"{variable} in a unit that is known, such as {unit_of(variable)}",
                found=f"({unit.written})",
            )


def _canonical(rows: Rows, layout: Layout, place: Place) -> tuple[dict[str, pa.Array], list[str]]:
    """The values in canonical units, and what the header said of their units."""
    values, told = {}, []
    for variable, index in layout.variables.items():
        values[variable] = rows.columns[index]
        unit = layout.unit_of(variable)
        change = conversion(variable, unit)
        if unit is None or change is None:
            continue
        if change.is_needed:
            moved = pc.multiply(pc.add(rows.columns[index], change.offset), change.factor)
            values[variable] = pc.round(moved, 6)
            told.append(f"{variable}: converted from {unit.written}")
        if change.mislabel:
            where = place.at(layout.header_line)
            require_mislabel(variable, rows.columns[index], layout.format, where)
            told.append(f"{variable}: its unit is {change.mislabel}")
    return values, told


def _reading(parsed: _Parsed, station: Station, received_at: datetime | None) -> Reading:
    layout, place = parsed.layout, parsed.place
    table = _table(station, parsed)
    variables = tuple(name for name in VARIABLE_NAMES if name in layout.variables)
    require_sound_hours(table, received_at, place)
    of_values = require_sound_values(table, variables, parsed.outer_extremes, place)
    repeated = repeated_hours(table, variables, place)
    header, of_header = station.header, list[str]()
    if header:
        header, of_header = sound_header(header, table["pressure_hpa"])
    of_rows = remarks(table, repeated.remarks, layout, header, station.source, place)
    hours = pc.min_max(table["observed_at"]).as_py()
    empty_rows = pc.coalesce(*(table[name] for name in VARIABLE_NAMES)).null_count
    report = Report(
        file=place.file,
        member=place.member,
        format=layout.format,
        encoding=layout.encoding,
        vintage=layout.vintage,
        station_id=station.station_id,
        station_name=header.name if header else None,
        station_source=station.source,
        first_hour=hours["min"],
        last_hour=hours["max"],
        rows=table.num_rows,
        observations=table.num_rows - empty_rows,
        repeated_hours=repeated.rows,
        variables=variables,
        values={name: table.num_rows - table[name].null_count for name in VARIABLE_NAMES},
        repairs=(*parsed.told, *of_values, *of_header, *of_rows),
    )
    return Reading(table, header, report)


def _table(station: Station, parsed: _Parsed) -> pa.Table:
    count = len(parsed.times)
    columns = [pa.repeat(pa.scalar(station.station_id), count), parsed.times]
    empty = pa.nulls(count, pa.float64())
    columns += [parsed.values.get(name, empty) for name in VARIABLE_NAMES]
    columns.append(pa.array(parsed.rows.line_numbers))
    table = pa.Table.from_arrays(columns, schema=OBSERVATION_SCHEMA)
    return table if station.rows is None else table.take(pa.array(np.flatnonzero(station.rows)))
