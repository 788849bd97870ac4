"""From one file of hourly observations, in any format, to the canonical table."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.inmet.readers.layout import DATE_COLUMN, OTHER_FORMATS, Layout, detect_layout
from inmet_platform.inmet.readers.repair import repaired_rows, require_whole_last_line
from inmet_platform.inmet.readers.report import Reading, Report, StationSource, remarks
from inmet_platform.inmet.readers.rows import Rows, observed_at, parse_rows, require_rows
from inmet_platform.inmet.readers.station import (
    StationHeader,
    checked_station_id,
    parse_metadata,
    station_header,
    station_in_name,
)
from inmet_platform.inmet.readers.text import quoted, require_csv_text
from inmet_platform.inmet.schema import OBSERVATION_SCHEMA, VARIABLE_NAMES

# Part of every landing key. Raise it when the readers make another table of the same bytes.
READER_VERSION = 1


def read_observations(
    data: bytes, *, file: str, member: str | None = None, station_id: str | None = None
) -> Reading:
    """Read a file of hourly observations.

    Args:
        data: the file's bytes.
        file: its name, for messages, and for the station's code when the file names none.
        member: its name inside a zip.
        station_id: the station as the uploader names it, for files that name none.

    Returns:
        One row per hour in the order of the file, also for hours without any value.

    Raises:
        UnreadableFile: the file is not as expected; it says where, what was expected and found.
    """
    place = Place(file, member)
    require_csv_text(data, place)
    layout = detect_layout(data, place)
    _require_hourly_variables(layout, place)
    header = station_header(parse_metadata(layout.metadata), place)
    require_rows(data, layout, place)
    require_whole_last_line(data, layout, place)
    rows = parse_rows(data, layout) or repaired_rows(data, layout, place)
    station, source = _station(header, rows, layout, place, station_id)
    hour_column = rows.columns[layout.hour_column or 0]
    times = observed_at(rows.columns[DATE_COLUMN], hour_column, rows.line_numbers, place)
    table = _table(station, times, rows, layout)
    hours = pc.min_max(table["observed_at"]).as_py()
    empty_rows = pc.coalesce(*(table[name] for name in VARIABLE_NAMES)).null_count
    report = Report(
        file=place.file,
        member=place.member,
        format=layout.format,
        encoding=layout.encoding,
        vintage=layout.vintage,
        station_id=station,
        station_name=header.name if header else None,
        station_source=source,
        first_hour=hours["min"],
        last_hour=hours["max"],
        rows=table.num_rows,
        observations=table.num_rows - empty_rows,
        variables=tuple(name for name in VARIABLE_NAMES if name in layout.variables),
        values={name: table.num_rows - table[name].null_count for name in VARIABLE_NAMES},
        repairs=(*rows.repairs, *remarks(table, layout, header, source, place)),
    )
    return Reading(table, header, report)


def _require_hourly_variables(layout: Layout, place: Place) -> None:
    if found := OTHER_FORMATS.get(layout.format):
        raise UnreadableFile(place, expected="hourly observations", found=found)
    where = place.at(layout.header_line)
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
    in_rows = _station_of_rows(rows, layout, place)
    own = header.station_id if header else in_rows
    if in_rows and own != in_rows:
        raise UnreadableFile(
            place,
            expected=f"one station a file, {own} as in the metadata block",
            found=f"station {in_rows} in the rows",
        )
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
    if named := station_in_name(place.member or place.file):
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
    column = rows.columns[layout.station_column].cast(pa.string())
    codes = pc.unique(column).to_pylist()
    if len(codes) > 1:
        at = pc.index(column, codes[1]).as_py()
        raise UnreadableFile(
            place.at(rows.line_numbers[at]),
            expected=f"one station a file, {quoted(codes[0])} as before",
            found=f"another, {quoted(codes[1])}",
        )
    return checked_station_id(codes[0], place) if codes[0] else None


def _table(station: str, times: pa.Array, rows: Rows, layout: Layout) -> pa.Table:
    count = len(times)
    columns = [pa.repeat(pa.scalar(station), count), times]
    for name in VARIABLE_NAMES:
        index = layout.variables.get(name)
        columns.append(pa.nulls(count, pa.float64()) if index is None else rows.columns[index])
    columns.append(pa.array(rows.line_numbers))
    return pa.Table.from_arrays(columns, schema=OBSERVATION_SCHEMA)
