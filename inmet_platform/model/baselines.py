"""What costs nothing and must be beaten: persistence, climatology, Markov.

Each gives the probability of more than a threshold in the next hour, shape (n,), and is fitted on
the training block.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from inmet_platform.model.features import Examples
from inmet_platform.model.grid import Grid

Floats = NDArray[np.float64]
Baseline = Callable[[Grid, Examples, Examples, float], Floats]

# Cells with fewer hours than that take the frequency of the wider one.
FEWEST_HOURS = 15

# Amounts that tell more of the next hour than the rain classes do: 0.2 mm is often the last tip.
AMOUNTS_MM = (0.0, 0.2, 0.4, 0.8, 1.8, 5.0, 10.0, 25.0)


def persistence(grid: Grid, train: Examples, test: Examples, over_mm: float) -> Floats:  # noqa: ARG001
    """It goes on as it is; a missing hour counts as dry."""
    return (test.rain_now_mm > over_mm).astype(np.float64)


def climatology(grid: Grid, train: Examples, test: Examples, over_mm: float) -> Floats:
    """The frequency at that hour of that month at the station; else less of that."""
    exceeded = train.rain_next_mm > over_mm
    known, wanted = _calendar(grid, train), _calendar(grid, test)
    frequency = np.full(len(test), exceeded.mean() if len(train) else 0.0)
    for keys in (("hour",), ("station", "hour"), ("station", "month", "hour")):
        of_known, of_wanted = _cells(known, keys), _cells(wanted, keys)
        size = int(max(of_known.max(initial=0), of_wanted.max(initial=0))) + 1
        counts = np.bincount(of_known, minlength=size)
        events = np.bincount(of_known, weights=exceeded, minlength=size)
        enough = counts[of_wanted] >= FEWEST_HOURS
        cell = of_wanted[enough]
        frequency[enough] = events[cell] / counts[cell]
    return frequency


def markov(grid: Grid, train: Examples, test: Examples, over_mm: float) -> Floats:  # noqa: ARG001
    """The frequency after an hour of the present rain class."""
    return _after(train.class_now, test.class_now, train.rain_next_mm > over_mm)


def markov_by_amount(grid: Grid, train: Examples, test: Examples, over_mm: float) -> Floats:  # noqa: ARG001
    """The frequency after an hour of about the present amount: harder to beat than by class."""
    before, now = (
        np.where(
            np.isnan(block.rain_now_mm),
            -1,
            np.searchsorted(AMOUNTS_MM, block.rain_now_mm.astype(np.float64).round(1)),
        )
        for block in (train, test)
    )
    return _after(before, now, train.rain_next_mm > over_mm)


BASELINES: dict[str, Baseline] = {
    "persistence": persistence,
    "climatology": climatology,
    "markov": markov,
    "markov_by_amount": markov_by_amount,
}


def _after(
    before: NDArray[np.integer], now: NDArray[np.integer], exceeded: NDArray[np.bool_]
) -> Floats:
    frequency = np.full(len(now), exceeded.mean() if len(exceeded) else 0.0)
    for state in np.unique(before):
        frequency[now == state] = exceeded[before == state].mean()
    return frequency


def _calendar(grid: Grid, block: Examples) -> dict[str, NDArray[np.int64]]:
    hours = grid.hours[block.hour]
    days = hours.astype("datetime64[D]")
    return {
        "station": block.station,
        "month": hours.astype("datetime64[M]").astype(np.int64) % 12,
        "hour": (hours - days.astype("datetime64[h]")).astype(np.int64),
    }


_SIZES = {"month": 12, "hour": 24}


def _cells(calendar: dict[str, NDArray[np.int64]], keys: tuple[str, ...]) -> NDArray[np.int64]:
    cell = np.zeros(len(calendar["hour"]), np.int64)
    for key in keys:
        cell = cell * _SIZES.get(key, 1) + calendar[key]
    return cell
