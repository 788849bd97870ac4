"""Which number of a date is the month: decided for the file, by the series that its hours make."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from inmet_platform.errors import UnreadableFile
from inmet_platform.inmet.readers.text import quoted
from inmet_platform.inmet.readers.time_cells import NONE, Cells, looked_up, refusal_at
from inmet_platform.inmet.readers.time_texts import (
    day,
    is_year_first,
    month_first,
    partly_swapped,
)

A_DATE = "a date such as 2020-01-31"
_EVIDENCE = 3
# A month has no more days that could be a month, too.
_MOST_DOUBTFUL_DATES = 12


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
    def ascends(self) -> bool:
        """Whether the rows stand in the order of time."""
        return bool((np.diff(self.hours) > 0).all())

    @cached_property
    def travelled(self) -> int:
        """Hours that the rows go forth and back altogether."""
        return int(np.abs(np.diff(self.hours)).sum())


def hours_told_apart(cells: Cells, of_day: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """The rows' minutes since 1970, and what was decided about day and month."""
    days = looked_up(cells, cells.dates, day)
    usual = _Reading("day before month", days * 24 + of_day) if (days != NONE).all() else None
    if usual and not usual.breaks:
        return usual.hours * 60, _of_doubt(cells)
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
    puts_in_order = any(it.ascends for it in others) and not usual.ascends
    if is_better or puts_in_order or (is_scattered and not is_iso):
        raise _cannot_tell(cells, usual, best)
    return usual.hours * 60, _of_doubt(cells)


def _told(cells: Cells, reading: _Reading) -> tuple[np.ndarray, list[str]]:
    example = cells.dates[0].as_py()
    remark = f"dates such as {example} are read with {reading.way}: a series only so"
    return reading.hours * 60, [remark]


def _of_doubt(cells: Cells) -> list[str]:
    """A remark on a file each of whose dates could be another."""
    if len(cells.dates.dictionary) > _MOST_DOUBTFUL_DATES:
        return []
    dates = [date.strip() for date in cells.dates.dictionary.to_pylist()]
    if is_year_first(dates[0]):
        return []
    other = [month_first(date) for date in dates]
    if None in other or other == [day(date) for date in dates]:
        return []
    return [f"dates such as {dates[0]} are read with day before month"]


def _other_readings(cells: Cells, of_day: np.ndarray) -> list[_Reading]:
    """The other ways to read the dates, those in which each date exists."""
    ways = {
        "month before day": month_first,
        "day and month swapped up to the 12th": partly_swapped,
    }
    days_of = {way: looked_up(cells, cells.dates, parse) for way, parse in ways.items()}
    return [
        _Reading(way, days * 24 + of_day) for way, days in days_of.items() if (days != NONE).all()
    ]


def _instead_of_none(
    cells: Cells, days: np.ndarray, others: list[_Reading]
) -> tuple[np.ndarray, list[str]]:
    """The other reading, where the usual one has dates that do not exist."""
    if others:
        return _told(cells, others[0])
    at = int((days == NONE).argmax())
    raise refusal_at(cells.place, cells.lines[at], A_DATE, cells.dates[at].as_py())


def _cannot_tell(cells: Cells, usual: _Reading, best: _Reading) -> UnreadableFile:
    at = int((np.diff(usual.hours) != 1).argmax()) + 1
    return UnreadableFile(
        cells.place.at(cells.lines[at]),
        expected="dates whose day and month can be told apart",
        found=f"{quoted(cells.dates[at].as_py())}: with {usual.way} the hours have "
        f"{usual.gaps:,} gap(s), with {best.way} {best.gaps:,}",
        remedy="Write dates as 2020-01-31.",
    )
