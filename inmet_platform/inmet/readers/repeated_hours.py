"""The hours that a file says more than once: told when they are few, refused when they are many."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from inmet_platform.errors import Place, UnreadableFile

# More of a file's hours than this stand twice with other values: there are two series in it.
_MOST_CONTRADICTED = 0.05


class RepeatedHours(NamedTuple):
    """How many rows say an hour again, and sentences about them and the rows' order."""

    rows: int
    remarks: list[str]


def repeated_hours(table: pa.Table, variables: tuple[str, ...], place: Place) -> RepeatedHours:
    """Count the rows whose hour an earlier row has.

    Raises:
        UnreadableFile: many of them have other values than the row before; it names the first line.
    """
    times = table["observed_at"].to_numpy()
    steps = np.diff(times)
    if (steps > np.timedelta64(0)).all():
        return RepeatedHours(0, [])
    told = [] if (steps >= np.timedelta64(0)).all() else ["rows are not in the order of time"]
    order = np.argsort(times, kind="stable")
    again = np.flatnonzero(np.diff(times[order]) == np.timedelta64(0))
    values = np.column_stack([table[name].to_numpy() for name in variables])[order]
    first, second = values[again], values[again + 1]
    same = ((first == second) | (np.isnan(first) & np.isnan(second))).all(axis=1)
    others = int((~same).sum())
    if others > max(1, _MOST_CONTRADICTED * len(times)):
        lines = table["line_number"].to_numpy()[order]
        raise UnreadableFile(
            place.at(int(lines[again + 1][~same].min())),
            expected="each hour once, or again with the same values",
            found=f"{others:,} of {len(times):,} rows again with other values",
            remedy="Two stations or editions stand in one file: send them apart.",
        )
    if same.any():
        told.append(f"{len(again) - others} row(s) repeat an hour with the same values")
    if others:
        told.append(f"{others} row(s) repeat an hour with other values")
    return RepeatedHours(len(again), told)
