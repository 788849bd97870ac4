"""Three periods forward in time, with purges between them, and stations held out of all fitting."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from inmet_platform.model.features import Examples, Hours, blocks_at, learnable
from inmet_platform.model.grid import Grid

# Where calibration and test begin, as a part of the hours that have data: of a leap year the first
# of September and the first of November.
CUTS = (Fraction(2, 3), Fraction(5, 6))
# Weather is alike for about so long; windows look back further, as they do when it is used.
PURGE_H = 72
# Fewer stations than that cannot spare one.
FEWEST_TO_HOLD_OUT = 10
HELD_OUT_PART = 0.1
# Drawn from more with a fixed seed: with all 2.2 million of a network year, 4 GB do not suffice.
MOST_TRAIN_ROWS = 1_500_000


@dataclass(frozen=True)
class Blocks:
    """Rows to fit on, to calibrate on, and to score on.

    `test` has all stations, those held out too; `held_out`: which stations are, shape (S,).
    """

    train: Examples
    calibration: Examples
    test: Examples
    held_out: NDArray[np.bool_]

    @property
    def test_is_held_out(self) -> NDArray[np.bool_]:
        """Which rows of the test block are of stations that nothing was fitted on."""
        return self.held_out[self.test.station]


def split(grid: Grid) -> Blocks:
    """Cut by the hours that have data, at the same hour for all stations; never at random.

    By the calendar a pause of years could leave a block empty. Held-out stations are no
    neighbours of others either: nothing that is fitted has seen them.
    """
    held_out = held_out_stations(grid.station_ids)
    wanted = learnable(grid)
    hours = np.flatnonzero(wanted.any(axis=0))
    if not len(hours):
        empty = _rows(grid, [np.zeros(grid.shape, bool)] * 3, held_out)
        return Blocks(*empty, held_out)
    # Rounded up: the last hour of all has no next one, and is none of these.
    last = len(hours) - 1
    second, third = (int(hours[min(math.ceil(len(hours) * cut), last)]) for cut in CUTS)
    hour = np.arange(grid.shape[1])[None, :]
    seen = ~held_out[:, None]
    blocks = [
        _thinned(wanted & seen & (hour < second)),
        wanted & seen & (hour >= second + PURGE_H) & (hour < third),
        wanted & (hour >= third + PURGE_H),
    ]
    return Blocks(*_rows(grid, blocks, held_out), held_out)


def _thinned(kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Not more than may be learned from."""
    rows = np.flatnonzero(kept)
    if len(rows) <= MOST_TRAIN_ROWS:
        return kept
    drawn = np.random.default_rng(0).choice(rows, MOST_TRAIN_ROWS, replace=False)
    thinned = np.zeros(kept.size, bool)
    thinned[drawn] = True
    return thinned.reshape(kept.shape)


def held_out_stations(station_ids: NDArray[np.str_]) -> NDArray[np.bool_]:
    """A tenth of the stations, always the same ones: by the hash of their code, shape (S,)."""
    if len(station_ids) < FEWEST_TO_HOLD_OUT:
        return np.zeros(len(station_ids), bool)
    digests = [hashlib.sha256(str(code).encode()).digest() for code in station_ids]
    numbers = np.array([int.from_bytes(digest[:4]) / 2**32 for digest in digests])
    return numbers < HELD_OUT_PART


def _rows(
    grid: Grid, kept: list[NDArray[np.bool_]], hidden: NDArray[np.bool_]
) -> tuple[Examples, Examples, Examples]:
    """Features of all blocks in one go."""
    # What is learned from in doubles: scikit-learn makes them of anything else, beside it.
    kinds = (np.float64, np.float32, np.float32)
    hours = [Hours(*np.nonzero(block)) for block in kept]
    train, calibration, test = blocks_at(grid, list(zip(hours, kinds, strict=True)), hidden)
    return train, calibration, test


def period(grid: Grid, block: Examples) -> str:
    """First and last hour of a block, for people."""
    if not len(block):
        return "none"
    return f"{grid.hours[block.hour.min()]} to {grid.hours[block.hour.max()]}"
