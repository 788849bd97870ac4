"""Three blocks one after the other with gaps between them, and stations held out of fitting."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inmet_platform.model.features import Examples, examples_at, labelled_hours
from inmet_platform.model.grid import Bools, Grid

# Where calibration and test begin, as a share of the hours with data: in a leap year on the first
# of September and on the first of November.
CUTS = (Fraction(2, 3), Fraction(5, 6))
# The weather stays alike for about three days; windows may look back further, as in a forecast.
PURGE_H = 72
# With fewer stations none is held out.
FEWEST_TO_HOLD_OUT = 10
HELD_OUT_PART = 0.1
# More rows are thinned out with a fixed seed: all 2.2 million of a network year need over 4 GB.
MOST_TRAIN_ROWS = 1_500_000


@dataclass(frozen=True)
class Blocks:
    """The rows to fit on, to calibrate on, and to score on.

    `test` has all stations, also those held out; `held_out`: which stations are, shape (S,).
    """

    train: Examples
    calibration: Examples
    test: Examples
    held_out: Bools


def split(grid: Grid) -> Blocks:
    """Cut at the same hour for all stations, by the number of hours with data; never at random.

    A cut by the calendar could leave a block empty when a station paused for years. Held-out
    stations are no neighbours of others either: nothing that is fitted has seen them.
    """
    held_out = held_out_stations(grid.station_ids)
    wanted = labelled_hours(grid)
    hours = np.flatnonzero(wanted.any(axis=0))
    # Rounded up; without any hour all blocks are empty.
    last = len(hours) - 1
    cuts = [int(hours[min(math.ceil(len(hours) * cut), last)]) if last >= 0 else 0 for cut in CUTS]
    hour = np.arange(grid.shape[1])[None, :]
    fitted = wanted & ~held_out[:, None]
    masks = (
        thinned(fitted & (hour < cuts[0]), MOST_TRAIN_ROWS),
        fitted & (hour >= cuts[0] + PURGE_H) & (hour < cuts[1]),
        wanted & (hour >= cuts[1] + PURGE_H),
    )
    # Double precision for the block to fit on: scikit-learn would make a copy in it anyway.
    dtypes: tuple[type[np.floating[Any]], ...] = (np.float64, np.float32, np.float32)
    rows = [(np.nonzero(mask), dtype) for mask, dtype in zip(masks, dtypes, strict=True)]
    train, calibration, test = examples_at(grid, rows, held_out)
    return Blocks(train, calibration, test, held_out)


def thinned(kept: Bools, most: int) -> Bools:
    """At most so many of the rows that are kept, drawn with a fixed seed."""
    rows = np.flatnonzero(kept)
    if len(rows) <= most:
        return kept
    drawn = np.zeros(kept.size, bool)
    drawn[np.random.default_rng(0).choice(rows, most, replace=False)] = True
    return drawn.reshape(kept.shape)


def held_out_stations(station_ids: NDArray[np.str_]) -> Bools:
    """A tenth of the stations, by the hash of their code and so always the same, shape (S,)."""
    if len(station_ids) < FEWEST_TO_HOLD_OUT:
        return np.zeros(len(station_ids), bool)
    digests = [hashlib.sha256(str(code).encode()).digest() for code in station_ids]
    numbers = np.array([int.from_bytes(digest[:4]) / 2**32 for digest in digests])
    return numbers < HELD_OUT_PART


def period(grid: Grid, block: Examples) -> str:
    """The first and last hour of a block, for a person."""
    if not len(block):
        return "none"
    return f"{grid.hours[block.hour.min()]} to {grid.hours[block.hour.max()]}"
