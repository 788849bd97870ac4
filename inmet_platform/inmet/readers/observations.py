"""One file of hourly observations, of any form, to the canonical table."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.inmet.readers.layout import HOURLY_FORMATS, Layout, layout_of, vintage_of
from inmet_platform.inmet.readers.other import WORDS
from inmet_platform.inmet.readers.report import Reading, Report, StationSource
from inmet_platform.inmet.readers.rows import Rows, read_rows
from inmet_platform.inmet.readers.station import (
    StationHeader,
    checked_station_id,
    parse_metadata,
    station_header,
    station_in_name,
)
from inmet_platform.inmet.readers.text import refuse_what_is_no_text, shown
from inmet_platform.inmet.readers.times import observed_at
from inmet_platform.inmet.schema import OBSERVATION_SCHEMA, VARIABLE_NAMES

# Part of every landing key: raise it when the same bytes give another table.
READER_VERSION = 1


def read_observations(
    data: bytes, *, file: str, member: str | None = None, station_id: str | None = None
) -> Reading:
    """Read a file of hourly observations.

    Args:
        data: the file's bytes.
        file: its name, for messages, and for the station's code when the file has none.
        member: its name inside a zip.
        station_id: the station as the uploader names it, for files that do not.

    Returns:
        One row an hour of the file, in its order, also for hours without any value.

    Raises:
        UnreadableFile: with file, member, line, what was expected and what was found.
    """
    place = Place(file, member)
    refuse_what_is_no_text(data, place)
    layout = layout_of(data, place)
    _refuse_other_content(layout, place)
    header = station_header(parse_metadata(layout.metadata), place)
    rows = read_rows(data, layout, place)
    station, source = _station(header, rows, layout, place, station_id)
    hour_column = rows.columns[layout.hour_column or 0]
    times = observed_at(rows.columns[layout.date_column], hour_column, rows.line_numbers, place)
    table = _table(station, times, rows, layout)
    repairs = [*rows.repairs, *_remarks(table, layout, station, source, file)]
    return Reading(table, header, _report(table, header, layout, place, station, source, repairs))


def _refuse_other_content(layout: Layout, place: Place) -> None:
    if layout.format not in HOURLY_FORMATS:
        raise UnreadableFile(place, expected="hourly observations", found=WORDS[layout.format])
    where = Place(place.file, place.member, layout.header_line)
    if layout.format != "bdmep_hourly" and len(layout.variables) != len(VARIABLE_NAMES):
        missing = [name for name in VARIABLE_NAMES if name not in layout.variables]
        raise UnreadableFile(
            where,
            expected=f"{len(VARIABLE_NAMES)} variables in the header",
            found=f"{len(layout.variables)}, without {', '.join(missing)}",
        )
    if not layout.variables:
        raise UnreadableFile(where, expected="at least one variable", found="none")


def _station(
    header: StationHeader | None, rows: Rows, layout: Layout, place: Place, given: str | None
) -> tuple[str, StationSource]:
    given = checked_station_id(given, place) if given else None
    own = header.station_id if header else _station_of_rows(rows, layout, place)
    if own and given and own != given:
        raise UnreadableFile(
            place,
            expected=f"station {given}, as the uploader says",
            found=f"station {own} in the file",
        )
    if own:
        return own, "file"
    if given:
        return given, "uploader"
    named = station_in_name(place.member or place.file)
    if named:
        return named, "name"
    raise UnreadableFile(
        place,
        expected="a station: in the metadata block, in the file's name, or from the uploader",
        found="none",
        remedy="Name it: station_id on upload, --station on the command line.",
    )


def _station_of_rows(rows: Rows, layout: Layout, place: Place) -> str | None:
    if layout.station_column is None:
        return None
    column = rows.columns[layout.station_column]
    codes = [code for code in pc.unique(column.cast(pa.string())).to_pylist() if code]
    if len(codes) > 1:
        at = pc.index(column.cast(pa.string()), codes[1]).as_py()
        raise UnreadableFile(
            Place(place.file, place.member, int(rows.line_numbers[at])),
            expected=f"one station a file, {shown(codes[0])} as before",
            found=f"another, {shown(codes[1])}",
        )
    return checked_station_id(codes[0], place) if codes else None


def _table(station: str, times: pa.Array, rows: Rows, layout: Layout) -> pa.Table:
    count = len(times)
    columns = [pa.repeat(pa.scalar(station), count), times]
    for name in VARIABLE_NAMES:
        index = layout.variables.get(name)
        columns.append(pa.nulls(count, pa.float64()) if index is None else rows.columns[index])
    columns.append(pa.array(rows.line_numbers))
    return pa.Table.from_arrays(columns, schema=OBSERVATION_SCHEMA)


def _remarks(
    table: pa.Table, layout: Layout, station: str, source: StationSource, file: str
) -> list[str]:
    remarks = _repeated_hours(table)
    if source == "name":
        remarks.append(f"no metadata block: station {station} is taken from the file's name")
    named = station_in_name(file)
    if source == "file" and named and named != station:
        remarks.append(f"the name says {named}, the file itself {station}: the file is believed")
    if layout.ignored:
        remarks.append(f"columns left out: {'; '.join(layout.ignored)}")
    return remarks


def _repeated_hours(table: pa.Table) -> list[str]:
    times = table["observed_at"].combine_chunks().cast(pa.int64()).to_numpy()
    if len(times) < 2 or (np.diff(times) > 0).all():
        return []
    order = np.argsort(times, kind="stable")
    again = np.diff(times[order]) == 0
    if not again.any():
        return ["rows are not in the order of time"]
    values = np.column_stack([table[name].to_numpy() for name in VARIABLE_NAMES])[order]
    first, second = values[:-1][again], values[1:][again]
    same = ((first == second) | (np.isnan(first) & np.isnan(second))).all(axis=1)
    remarks = []
    if same.any():
        remarks.append(f"{int(same.sum())} row(s) repeat an hour with the same values")
    if not same.all():
        remarks.append(f"{int((~same).sum())} row(s) repeat an hour with other values")
    return remarks


def _report(
    table: pa.Table,
    header: StationHeader | None,
    layout: Layout,
    place: Place,
    station: str,
    source: StationSource,
    repairs: list[str],
) -> Report:
    bounds = pc.min_max(table["observed_at"])
    held = [pc.is_valid(table[name]).to_numpy() for name in VARIABLE_NAMES]
    first: datetime = bounds["min"].as_py()
    return Report(
        file=place.file,
        member=place.member,
        format=layout.format,
        encoding=layout.encoding,
        vintage=vintage_of(layout),
        station_id=station,
        station_name=header.name if header else None,
        station_source=source,
        first_hour=first,
        last_hour=bounds["max"].as_py(),
        rows=table.num_rows,
        observations=int(np.logical_or.reduce(held).sum()),
        values={name: int(column.sum()) for name, column in zip(VARIABLE_NAMES, held, strict=True)},
        repairs=tuple(repairs),
    )
