"""What the past tells of the next hour: features of a station from what it and others measured.

No feature of hour t uses anything after t; no window reaches across a gap. The same function
serves training and prediction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from inmet_platform.inmet.rain_classes import class_numbers
from inmet_platform.model.grid import Grid
from inmet_platform.model.neighbour_features import of_neighbours_air, of_neighbours_rain
from inmet_platform.model.neighbours import Neighbours
from inmet_platform.model.sky import day_of_year, solar_hour
from inmet_platform.model.station_features import Named, of_rain, of_the_air

FEATURE_COUNT = 114


@dataclass(frozen=True)
class Examples:
    """Rows of hours t: features with what fell in t and in t + 1.

    `features`: float, shape (n, k), NaN for missing, columns `names`. `station` and `hour`:
    where in the grid, shape (n,). `rain_now_mm` may be NaN; `rain_next_mm` is so only in what is
    to be predicted.
    """

    names: list[str]
    features: NDArray[np.floating]
    station: NDArray[np.int64]
    hour: NDArray[np.int64]
    rain_now_mm: NDArray[np.float32]
    rain_next_mm: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.station)

    def where(self, kept: NDArray[np.bool_] | slice) -> Examples:
        """Some of the rows; a slice copies nothing."""
        return Examples(
            self.names,
            self.features[kept],
            self.station[kept],
            self.hour[kept],
            self.rain_now_mm[kept],
            self.rain_next_mm[kept],
        )

    @property
    def class_now(self) -> NDArray[np.int8]:
        """The rain class of hour t, -1 when it is missing."""
        return class_numbers(self.rain_now_mm.astype(np.float64).round(1))


class Hours(NamedTuple):
    """Hours of a grid: index of the station and of the hour t of each row, shape (n,)."""

    station: NDArray[np.int64]
    hour: NDArray[np.int64]


def examples_at(grid: Grid, rows: Hours, hidden: NDArray[np.bool_]) -> Examples:
    """Features of some hours of a grid, in the order given.

    Args:
        grid: observations.
        rows: which hours.
        hidden: stations that no other may use as a neighbour, shape (S,).
    """
    [made] = blocks_at(grid, [(rows, np.float32)], hidden)
    return made


def blocks_at(
    grid: Grid,
    blocks: Sequence[tuple[Hours, type[np.floating[Any]]]],
    hidden: NDArray[np.bool_],
) -> list[Examples]:
    """As `examples_at`, of several blocks in one go, each with the type of its features."""
    # One feature after the other: all of them as matrices at once take twice the memory.
    made = [np.empty((len(rows.hour), FEATURE_COUNT), kind) for rows, kind in blocks]
    names: list[str] = []
    for name, values in _features(grid, hidden):
        for features, (rows, _) in zip(made, blocks, strict=True):
            features[:, len(names)] = values[rows.station, rows.hour]
        names.append(name)
    rain = grid.values["precipitation_mm"]
    following = np.full_like(rain, np.nan)
    following[:, :-1] = rain[:, 1:]
    return [
        Examples(names, features, *rows, rain[*rows], following[*rows])
        for features, (rows, _) in zip(made, blocks, strict=True)
    ]


def learnable(grid: Grid) -> NDArray[np.bool_]:
    """Hours with an observation whose next hour's rain was measured, shape (S, H)."""
    kept = grid.observed
    kept[:, :-1] &= np.isfinite(grid.values["precipitation_mm"][:, 1:])
    kept[:, -1] = False
    return kept


def _features(grid: Grid, hidden: NDArray[np.bool_]) -> Named:
    neighbours = Neighbours.of(grid.places, hidden)
    yield from _of_place_and_time(grid, neighbours)
    yield from of_rain(grid)
    yield from of_the_air(grid)
    yield from of_neighbours_rain(grid, neighbours)
    yield from of_neighbours_air(grid, neighbours)


def _of_place_and_time(grid: Grid, neighbours: Neighbours) -> Named:
    shape = grid.shape
    coming = 2 * np.pi * (solar_hour(grid) + 1) / 24
    season = 2 * np.pi * day_of_year(grid) / 365.25
    yield "solar_hour_sin", np.sin(coming).astype(np.float32)
    yield "solar_hour_cos", np.cos(coming).astype(np.float32)
    yield "season_sin", np.broadcast_to(np.sin(season).astype(np.float32), shape)
    yield "season_cos", np.broadcast_to(np.cos(season).astype(np.float32), shape)
    nearest = neighbours.nearest_km(1)
    columns = [*grid.places.T, np.where(np.isfinite(nearest), nearest, np.nan)]
    for name, column in zip(
        ("latitude_deg", "longitude_deg", "altitude_m", "nearest_km"), columns, strict=True
    ):
        yield name, np.broadcast_to(column.astype(np.float32)[:, None], shape)
