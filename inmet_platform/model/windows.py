"""Rolling windows over the hours; every function takes and returns shape (S, H), float32.

The value of hour t uses hours up to t only. NaN means missing.
"""

from __future__ import annotations

import numpy as np

from inmet_platform.model.grid import Matrix


def lag(values: Matrix, hours: int) -> Matrix:
    """The value so many hours before."""
    lagged = np.full_like(values, np.nan)
    lagged[:, hours:] = values[:, : max(values.shape[1] - hours, 0)]
    return lagged


def change(values: Matrix, hours: int) -> Matrix:
    """How much the value rose within so many hours."""
    return values - lag(values, hours)


def rolling_sum(values: Matrix, hours: int) -> Matrix:
    """The sum over a window; missing when one of its hours is missing."""
    sums, counts = _sums_and_counts(values, hours)
    return np.where(counts == hours, sums, np.nan).astype(np.float32)


def rolling_mean(values: Matrix, hours: int, *, at_least: float) -> Matrix:
    """The mean over a window; missing when fewer than this share of its hours were measured."""
    sums, counts = _sums_and_counts(values, hours)
    enough = counts >= max(at_least * hours, 1)
    return np.where(enough, sums / np.maximum(counts, 1), np.nan).astype(np.float32)


def rolling_max(values: Matrix, hours: int) -> Matrix:
    """The highest value in a window; missing when none of its hours was measured."""
    highest = values
    for hour in range(1, hours):
        highest = np.fmax(highest, lag(values, hour))
    return highest


def same_hour_mean(values: Matrix, days: int) -> Matrix:
    """The mean at this hour over the days before; missing with less than half of them."""
    sums, counts = np.zeros(values.shape), np.zeros(values.shape, np.int16)
    for day in range(1, days + 1):
        lagged = lag(values, 24 * day)
        present = np.isfinite(lagged)
        sums += np.where(present, lagged, 0.0)
        counts += present
    return np.where(counts * 2 >= days, sums / np.maximum(counts, 1), np.nan).astype(np.float32)


def hours_since(happened: Matrix, longest: int) -> Matrix:
    """Hours since the value was last over 0, at most `longest`.

    After a gap, and at the beginning, it is missing until the event happens again or `longest`
    hours were measured without it. So it depends on at most the `longest` hours before.
    """
    position = np.arange(happened.shape[1])
    never = -1
    last = np.maximum.accumulate(np.where(happened > 0, position, never), axis=1)
    gap = np.maximum.accumulate(np.where(np.isnan(happened), position, never), axis=1)
    since = np.minimum(position - last, longest).astype(np.float32)
    unknown = np.where(position - gap >= longest, np.float32(longest), np.float32(np.nan))
    return np.where(last > gap, since, unknown)


def _sums_and_counts(values: Matrix, hours: int) -> tuple[np.ndarray, np.ndarray]:
    present = np.isfinite(values)
    # In double precision: a sum over years must not lose the tenths of its last hours.
    sums = np.cumsum(np.where(present, values, 0.0), axis=1, dtype=np.float64)
    counts = np.cumsum(present, axis=1)
    for cumulated in (sums, counts):
        cumulated[:, hours:] -= cumulated[:, :-hours].copy()
    return sums, counts
