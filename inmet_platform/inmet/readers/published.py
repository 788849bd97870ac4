"""Daily and monthly values of BDMEP: a row a day or month, a column a value."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.inmet.published import (
    PUBLISHED_FORMATS,
    PUBLISHED_SCHEMA,
    PUBLISHED_STATION_PATTERN,
    PublishedVariable,
)
from inmet_platform.inmet.readers.date_order import A_DATE
from inmet_platform.inmet.readers.layout import Layout
from inmet_platform.inmet.readers.names import folded_forms
from inmet_platform.inmet.readers.repair import repaired_rows, require_whole_last_line
from inmet_platform.inmet.readers.report import Reading, Report
from inmet_platform.inmet.readers.rows import Rows, parse_rows, require_rows
from inmet_platform.inmet.readers.station import parse_metadata, station_header
from inmet_platform.inmet.readers.station_sense import sound_header
from inmet_platform.inmet.readers.stations import one_station
from inmet_platform.inmet.readers.text import fold, quoted
from inmet_platform.inmet.readers.time_cells import NONE, Cells, looked_up
from inmet_platform.inmet.readers.time_texts import day, is_year_first, month_first

# INMET's oldest conventional series begin in the 1900s.
_FIRST_DAY = date(1900, 1, 1)
# A month is dated by its last day, which the running month has yet to reach.
_AHEAD = {"daily": timedelta(days=1), "monthly": timedelta(days=31)}
_MOST_ODD = 0.05


@dataclass(frozen=True)
class _PublishedLayout(Layout):
    """The layout of a file of days or months."""

    @cached_property
    def known(self) -> dict[str, tuple[PublishedVariable, int]]:
        """The variables of BDMEP by our name, each with its column."""
        _, variables = PUBLISHED_FORMATS[self.format]
        by_name = {variable.bdmep: variable for variable in variables}
        found: dict[str, tuple[PublishedVariable, int]] = {}
        for index, name in enumerate(self.columns):
            if variable := by_name.get(fold(name.partition("(")[0])):
                found.setdefault(variable.name, (variable, index))
        return found

    @cached_property
    def variables(self) -> dict[str, int]:
        return {name: index for name, (_, index) in self.known.items()}

    @cached_property
    def keys(self) -> list[int]:
        return self.date_columns


def read_published(
    data: bytes,
    layout: Layout,
    place: Place,
    *,
    station_id: str | None = None,
    received_at: datetime | None = None,
) -> Reading:
    """Read a file of daily or monthly values.

    Args:
        data: its text.
        layout: as `detect_layout` found it; its format is one of `PUBLISHED_FORMATS`.
        place: for messages.
        station_id: the station as the uploader names it, for files that name none.
        received_at: UTC; no day can be much later.

    Returns:
        A reading whose table is in `PUBLISHED_SCHEMA`.

    Raises:
        UnreadableFile: the file is not as BDMEP writes it; it says where.
    """
    layout = _PublishedLayout(**{it.name: getattr(layout, it.name) for it in fields(layout)})
    _require_known(layout, place)
    metadata = parse_metadata(layout.metadata, layout.first_line)
    header = station_header(metadata, place, PUBLISHED_STATION_PATTERN)
    station = one_station(header, None, place, station_id, PUBLISHED_STATION_PATTERN)
    require_rows(data, layout, place)
    require_whole_last_line(data, layout, place)
    rows = parse_rows(data, layout) or repaired_rows(data, layout, place)
    days = _days(rows, layout, place, received_at)
    told = [*rows.repairs, *_require_sound(rows, layout, place)]
    if header:
        pressure = rows.columns.get(layout.variables.get("pressure_mean_hpa", -1))
        none = pa.nulls(len(days), pa.float64())
        header, of_header = sound_header(header, pa.chunked_array([pressure or none]))
        told += of_header
    values = {name: rows.columns[index] for name, index in layout.variables.items()}
    report = Report(
        file=place.file,
        member=place.member,
        format=layout.format,
        encoding=layout.encoding,
        station_id=station.station_id,
        station_name=header.name if header else None,
        station_source=station.source,
        first_hour=_midnight(int(days.min())),
        last_hour=_midnight(int(days.max())),
        rows=len(days),
        observations=len(days) - pc.coalesce(*values.values()).null_count,
        values={name: len(days) - column.null_count for name, column in values.items()},
        repairs=(*told, *_left_out(layout)),
    )
    periodicity, _ = PUBLISHED_FORMATS[layout.format]
    table = _table(station.station_id, periodicity, days, values, rows.line_numbers)
    return Reading(table, header, report)


def _require_known(layout: _PublishedLayout, place: Place) -> None:
    """Refuse a table without BDMEP's columns, and a column in another unit."""
    where = place.at(layout.header_line)
    if not layout.known or len(layout.date_columns) != 1:
        raise UnreadableFile(
            where,
            expected="hourly observations, or daily or monthly values in BDMEP's columns",
            found="values without an hour in other columns",
            remedy="docs/reference/forms.md has BDMEP's names of days and months.",
        )
    for variable, index in layout.known.values():
        name = layout.columns[index]
        said = name.rpartition("(")[2].rstrip(") ") if "(" in name else ""
        is_whole = said not in {"", "AUT", "%"} and not {"?", "\ufffd"} & set(said)
        if is_whole and fold(said) not in folded_forms(variable.written):
            raise UnreadableFile(
                where,
                expected=f"{variable.name} in {variable.written or '%'}, the unit of BDMEP",
                found=quoted(name),
                remedy="Convert the values and name their unit.",
            )


def _days(rows: Rows, layout: Layout, place: Place, received_at: datetime | None) -> np.ndarray:
    """Days since 1970, shape (n,): each once, in order, and neither too old nor of the future."""
    cells = Cells(rows.columns[layout.date_columns[0]], pa.array([]), rows.line_numbers, place)
    days = looked_up(cells, cells.dates, day, A_DATE)
    periodicity, _ = PUBLISHED_FORMATS[layout.format]
    epoch = date(1970, 1, 1)
    bad = days < (_FIRST_DAY - epoch).days
    if received_at:
        bad |= days > (received_at.date() + _AHEAD[periodicity] - epoch).days
    if bad.any():
        expected = f"a day from {_FIRST_DAY} until the file was received"
        raise _refusal(cells, int(bad.argmax()), expected)
    order = days
    if periodicity == "monthly":
        order = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    backwards = np.flatnonzero(np.diff(order) <= 0)
    if len(backwards):
        at = int(backwards[0]) + 1
        expected = f"each day or month once, in their order: after {cells.dates[at - 1].as_py()}"
        remedy = "Sort the rows, leave out what is repeated, or send two editions apart."
        raise _refusal(cells, at, expected, remedy)
    _require_sure(cells, days, periodicity)
    return days


def _require_sure(cells: Cells, days: np.ndarray, periodicity: str) -> None:
    """Refuse months that do not have their last day, and days that may be months.

    BDMEP writes a row for each day, so days with gaps that have none when the month is read first
    are months that were taken for days.
    """
    if periodicity == "monthly":
        after = (days + 1).astype("datetime64[D]")
        early = after != after.astype("datetime64[M]").astype("datetime64[D]")
        if early.any():
            raise _refusal(
                cells, int(early.argmax()), "the last day of a month, as BDMEP writes it"
            )
    elif (np.diff(days) != 1).any() and not is_year_first(cells.dates[0].as_py()):
        swapped = looked_up(cells, cells.dates, month_first)
        if (swapped != NONE).all() and (np.diff(swapped) == 1).all():
            raise _refusal(cells, 0, "dates whose day and month can be told apart")


def _refusal(
    cells: Cells, at: int, expected: str, remedy: str = "Write dates as 2020-01-31."
) -> UnreadableFile:
    where, found = cells.place.at(int(cells.lines[at])), quoted(cells.dates[at].as_py())
    return UnreadableFile(where, expected=expected, found=found, remedy=remedy)


def _require_sound(rows: Rows, layout: _PublishedLayout, place: Place) -> list[str]:
    """Refuse a column many of whose values cannot be of its variable; of a few tell."""
    told = []
    for variable, index in layout.known.values():
        values, (low, high) = rows.columns[index], variable.bounds
        outside = pc.or_(pc.less(values, low), pc.greater(values, high))
        odd = pc.sum(outside, min_count=0).as_py()
        if odd > _MOST_ODD * (len(values) - values.null_count):
            at = pc.index(outside, True).as_py()
            raise UnreadableFile(
                place.at(int(rows.line_numbers[at])),
                expected=f"{variable.name} between {low:g} and {high:g}",
                found=f"{values[at].as_py():g}, and {odd - 1:,} more such values",
                remedy="They may stand beside their column: compare header and rows.",
            )
        if odd:
            told.append(f"{odd:,} value(s) of {variable.name} outside {low:g} to {high:g}")
    return told


def _left_out(layout: _PublishedLayout) -> list[str]:
    used = {*layout.keys, *layout.variables.values()}
    others = [name for i, name in enumerate(layout.columns) if name.strip() and i not in used]
    return [f"columns left out: {'; '.join(others)}"] if others else []


def _midnight(day_number: int) -> datetime:
    return datetime.fromtimestamp(day_number * 86_400, UTC).replace(tzinfo=None)


def _table(
    station_id: str,
    periodicity: str,
    days: np.ndarray,
    values: dict[str, pa.Array],
    lines: np.ndarray,
) -> pa.Table:
    """One row for each value, one variable after the other."""
    count = len(days)
    columns = [
        pa.repeat(pa.scalar(station_id), count * len(values)),
        pa.repeat(pa.scalar(periodicity), count * len(values)),
        pa.array(np.tile(days.astype(np.int32), len(values)), pa.int32()).cast(pa.date32()),
        pa.array(np.repeat(np.array(list(values), object), count), pa.string()),
        pa.concat_arrays(list(values.values())),
        pa.array(np.tile(lines, len(values)), pa.int32()),
    ]
    return pa.Table.from_arrays(columns, schema=PUBLISHED_SCHEMA)
