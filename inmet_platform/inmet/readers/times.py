"""The hours that the rows of a file name, as UTC.

The form of dates and hours is decided for the file as a whole. INMET's hours form an unbroken
series, so a file whose months were taken for days shows it: read in the other way, it is unbroken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.inmet.readers.layout import Layout
from inmet_platform.inmet.readers.rows import Rows
from inmet_platform.inmet.readers.text import quoted
from inmet_platform.inmet.readers.time_texts import (
    day,
    hour_form,
    is_year_first,
    month_first,
    partly_swapped,
    timestamp,
)
from inmet_platform.inmet.readers.zones import Zone

A_DATE = "a date such as 2020-01-31"
AN_HOUR = "a full hour from 0000 to 2300"
A_TIMESTAMP = "a date and a full hour such as 2020-01-31 15:00"

_EVIDENCE = 3
_NONE = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Times:
    """The end of each row's hour, UTC, shape (n,), and what had to be decided."""

    observed_at: pa.Array
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Cells:
    """Each row's date, hour and offset as text; `dates` and `hours` are dictionary-encoded."""

    dates: pa.DictionaryArray
    hours: pa.DictionaryArray
    lines: np.ndarray
    place: Place
    offsets_min: np.ndarray | None = None


def observed_at(rows: Rows, layout: Layout, place: Place) -> Times:
    """The timestamps (us, UTC, end of the hour) of the rows; each distinct text is parsed once.

    Raises:
        UnreadableFile: a date or an hour does not exist, cannot be told apart, or is local.
    """
    if layout.timestamp_column is not None:
        cells = _split(rows, layout.timestamp_column, place)
    else:
        hours = rows.columns[layout.hour_column or 0]
        cells = _Cells(_dates(rows, layout), hours, rows.line_numbers, place)
    of_day = _looked_up(cells, cells.hours, hour_form(cells.hours), AN_HOUR)
    times, swapped = _told_apart(cells, of_day)
    shift, told = _shift(cells, layout, place)
    minutes = times - shift
    if (minutes % 60).any():
        at = int((minutes % 60 > 0).argmax())
        raise _refusal(place, cells.lines[at], "full hours in UTC", f"a zone of {shift} minutes")
    return Times(pa.array(minutes * 60_000_000, pa.timestamp("us")), (*swapped, *told))


def _dates(rows: Rows, layout: Layout) -> pa.DictionaryArray:
    columns = [rows.columns[index] for index in layout.date_columns]
    if len(columns) == 1:
        return columns[0]
    parts = [pc.utf8_trim_whitespace(column.cast(pa.string())) for column in columns]
    return pc.dictionary_encode(pc.binary_join_element_wise(*parts, "-"))


def _split(rows: Rows, column: int, place: Place) -> _Cells:
    """The parts of a timestamp's text."""
    texts = rows.columns[column]
    found = [timestamp((text or "").strip()) for text in texts.dictionary.to_pylist()]
    empty = ("", "", None)
    dates, hours, offsets = zip(*(it or empty for it in [*found, None]), strict=True)
    indices = pc.coalesce(texts.indices, pa.scalar(len(found), texts.indices.type))
    bad = np.array([it is None for it in [*found, None]])[indices.to_numpy()]
    if bad.any():
        at = int(bad.argmax())
        raise _refusal(place, rows.line_numbers[at], A_TIMESTAMP, texts[at].as_py())
    said = np.array([_NONE if offset is None else offset for offset in offsets])[indices.to_numpy()]
    return _Cells(
        pc.dictionary_encode(pa.array(dates, pa.string()).take(indices)),
        pc.dictionary_encode(pa.array(hours, pa.string()).take(indices)),
        rows.line_numbers,
        place,
        said,
    )


def _shift(cells: _Cells, layout: Layout, place: Place) -> tuple[np.ndarray | int, list[str]]:
    """What to take off the hours, in minutes: the offset in the cells, else in the header."""
    zone, said = layout.zone, cells.offsets_min
    if said is not None and (said != _NONE).all():
        offsets = [Zone(int(offset)) for offset in np.unique(said) if offset]
        return said, [f"hours of {offset} shifted to UTC" for offset in offsets]
    if zone.offset_min is None:
        raise UnreadableFile(
            place.at(layout.header_line),
            expected="hours in UTC, or a fixed offset such as UTC-3 in the column's name",
            found=f"{quoted(layout.time_column)}: {zone}",
        )
    if said is not None and (said != _NONE).any():
        said = np.where(said == _NONE, zone.offset_min, said)
        if (said != said[0]).any():
            at = int((said != said[0]).argmax())
            raise _refusal(place, cells.lines[at], "one time zone a file", cells.hours[at].as_py())
    if not zone.offset_min:
        return 0, []
    return zone.offset_min, [f"{layout.time_column}: hours of {zone} shifted to UTC"]


@dataclass(frozen=True)
class _Reading:
    """One way to read the dates: hours since 1970, shape (n,), and how the series looks so."""

    way: str
    hours: np.ndarray

    @cached_property
    def breaks(self) -> int:
        """Rows that do not stand one hour after the row before."""
        return int((np.diff(self.hours) != 1).sum())

    @cached_property
    def gaps(self) -> int:
        """The gaps in the series, in whatever order the rows stand."""
        return int((np.diff(np.unique(self.hours)) != 1).sum())

    @cached_property
    def travelled(self) -> int:
        """Hours that the rows go forth and back altogether."""
        return int(np.abs(np.diff(self.hours)).sum())


def _told_apart(cells: _Cells, of_day: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """The rows' minutes since 1970, and what was decided about day and month."""
    days = _looked_up(cells, cells.dates, day)
    usual = _Reading("day before month", days * 24 + of_day) if (days != _NONE).all() else None
    if usual and not usual.breaks:
        return usual.hours * 60, _of_one_day(cells)
    others = _other_readings(cells, of_day)
    if usual is None:
        return _instead_of_none(cells, days, others)
    best = min(others, key=lambda it: (it.gaps, it.breaks), default=usual)
    is_better = best.gaps == 0 and (usual.gaps > 0 or best.breaks == 0)
    is_iso = is_year_first(cells.dates[0].as_py())
    # Nobody writes ISO dates with the month last but by mistake: that takes some evidence.
    if is_better and not (is_iso and max(usual.gaps, usual.breaks) < _EVIDENCE):
        return _told(cells, best)
    is_scattered = best.gaps < usual.gaps or 2 * best.travelled < usual.travelled
    if is_better or (is_scattered and not is_iso):
        raise _cannot_tell(cells, usual, best)
    return usual.hours * 60, []


def _told(cells: _Cells, reading: _Reading) -> tuple[np.ndarray, list[str]]:
    example = cells.dates[0].as_py()
    remark = f"dates such as {example} are read with {reading.way}: a series only so"
    return reading.hours * 60, [remark]


def _of_one_day(cells: _Cells) -> list[str]:
    """A remark on the one date of a file that could be two."""
    dates = cells.dates.dictionary.to_pylist()
    if len(dates) > 1 or is_year_first(dates[0].strip()) or day(dates[0]) == month_first(dates[0]):
        return []
    return [] if month_first(dates[0]) is None else [f"{dates[0]} is read with day before month"]


def _other_readings(cells: _Cells, of_day: np.ndarray) -> list[_Reading]:
    """The other ways to read the dates, those in which each date exists."""
    ways = {
        "month before day": month_first,
        "day and month swapped up to the 12th": partly_swapped,
    }
    looked_up = {way: _looked_up(cells, cells.dates, parse) for way, parse in ways.items()}
    return [
        _Reading(way, days * 24 + of_day)
        for way, days in looked_up.items()
        if (days != _NONE).all()
    ]


def _instead_of_none(
    cells: _Cells, days: np.ndarray, others: list[_Reading]
) -> tuple[np.ndarray, list[str]]:
    """The other reading, where the usual one has dates that do not exist."""
    if others:
        return _told(cells, others[0])
    at = int((days == _NONE).argmax())
    raise _refusal(cells.place, cells.lines[at], A_DATE, cells.dates[at].as_py())


def _cannot_tell(cells: _Cells, usual: _Reading, best: _Reading) -> UnreadableFile:
    at = int((np.diff(usual.hours) != 1).argmax()) + 1
    return UnreadableFile(
        cells.place.at(cells.lines[at]),
        expected="dates whose day and month can be told apart",
        found=f"{quoted(cells.dates[at].as_py())}: with {usual.way} the hours have "
        f"{usual.gaps:,} gap(s), with {best.way} {best.gaps:,}",
        remedy="Write dates as 2020-01-31.",
    )


def _looked_up(
    cells: _Cells,
    texts: pa.DictionaryArray,
    parse: Callable[[str], int | None],
    expected: str = "",
) -> np.ndarray:
    """Each row's number; `_NONE` for what cannot be parsed, if `expected` does not refuse it."""
    values = [parse((text or "").strip()) for text in texts.dictionary.to_pylist()]
    known = np.array([_NONE if value is None else value for value in [*values, None]], np.int64)
    # Not fill_null: it imports pandas, which costs every reading process a second.
    indices = pc.coalesce(texts.indices, pa.scalar(len(values), texts.indices.type))
    looked_up: np.ndarray = known[indices.to_numpy()]
    bad = looked_up == _NONE
    if expected and bad.any():
        at = int(bad.argmax())
        raise _refusal(cells.place, cells.lines[at], expected, texts[at].as_py())
    return looked_up


def _refusal(place: Place, line: int, expected: str, text: str | None) -> UnreadableFile:
    found = quoted(text) if text else "nothing"
    return UnreadableFile(place.at(line), expected=expected, found=found)
