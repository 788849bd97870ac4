"""Windows over the hours before: every function takes and gives shape (S, H), float32.

The value of hour t uses hours up to t alone. NaN is missing and breaks what it takes part in.
"""

from __future__ import annotations

import numpy as np

from inmet_platform.model.grid import Matrix


def lag(values: Matrix, hours: int) -> Matrix:
    """The value of that many hours before."""
    lagged = np.full_like(values, np.nan)
    lagged[:, hours:] = values[:, : max(values.shape[1] - hours, 0)]
    return lagged


def change(values: Matrix, hours: int) -> Matrix:
    """How much it rose in that many hours."""
    return values - lag(values, hours)


def total(values: Matrix, hours: int) -> Matrix:
    """The sum of a window; missing when an hour of it is."""
    sums, counts = _sums_and_counts(values, hours)
    return np.where(counts == hours, sums, np.nan).astype(np.float32)


def mean(values: Matrix, hours: int, *, at_least: float) -> Matrix:
    """The mean of what a window holds; missing when that is less than a part of its hours."""
    sums, counts = _sums_and_counts(values, hours)
    enough = counts >= max(at_least * hours, 1)
    return np.where(enough, sums / np.maximum(counts, 1), np.nan).astype(np.float32)


def highest(values: Matrix, hours: int) -> Matrix:
    """The highest of what a window holds; missing when that is nothing."""
    made = values
    for hour in range(1, hours):
        made = np.fmax(made, lag(values, hour))
    return made


def same_hour_mean(values: Matrix, days: int) -> Matrix:
    """The mean at this hour of the day over the last days; missing with less than half of them."""
    sums, counts = np.zeros(values.shape), np.zeros(values.shape, np.int16)
    for day in range(1, days + 1):
        before = lag(values, 24 * day)
        present = np.isfinite(before)
        sums += np.where(present, before, 0.0)
        counts += present
    enough = counts * 2 >= days
    return np.where(enough, sums / np.maximum(counts, 1), np.nan).astype(np.float32)


def hours_since(happened: Matrix, longest: int) -> Matrix:
    """Hours since the value was last over 0, at most `longest`.

    After a gap, or the beginning, missing until it happens again or `longest` hours were measured
    without it: so it depends on no more than the `longest` hours before.
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
    return _window(sums, hours), _window(counts, hours)


def _window(cumulated: np.ndarray, hours: int) -> np.ndarray:
    windowed = cumulated.copy()
    windowed[:, hours:] -= cumulated[:, :-hours] if hours else 0
    return windowed
