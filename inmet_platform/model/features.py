"""Features of a station and hour, from what the station and its neighbours measured until then.

No feature of hour t uses anything after t, and no window reaches across a gap. Training and
forecasts use the same function.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inmet_platform.model.derived_variables import day_of_year, solar_hour
from inmet_platform.model.grid import Bools, Grid
from inmet_platform.model.neighbour_features import (
    Neighbours,
    neighbour_air_features,
    neighbour_rain_features,
)
from inmet_platform.model.station_features import NamedFeatures, air_features, rain_features

FEATURE_COUNT = 114


@dataclass(frozen=True)
class Examples:
    """Rows of hours t: the features, and the rain in t and in t + 1.

    `features`: float, shape (n, k), NaN for missing, columns `names`. `station` and `hour`: the
    indices in the grid, shape (n,). `rain_now_mm` may be NaN; `rain_next_mm` is NaN only in an hour
    whose next one is not measured yet.
    """

    names: list[str]
    features: NDArray[np.floating]
    station: NDArray[np.int64]
    hour: NDArray[np.int64]
    rain_now_mm: NDArray[np.float32]
    rain_next_mm: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.station)

    def where(self, kept: Bools) -> Examples:
        """Some of the rows."""
        columns = {name: it[kept] for name, it in vars(self).items() if name != "names"}
        return replace(self, **columns)


# Hours of a grid: the index of the station and of the hour t of each row, shape (n,) each.
Hours = tuple[NDArray[np.int64], ...]


def examples_at(
    grid: Grid, blocks: Sequence[tuple[Hours, type[np.floating[Any]]]], hidden: Bools | None = None
) -> list[Examples]:
    """The features of some blocks of hours of a grid, in the order given.

    Args:
        grid: observations.
        blocks: which hours, each with the dtype of its features.
        hidden: stations that no other station may use as a neighbour, shape (S,); by default none.
    """
    # One feature after the other: all feature matrices at once would need twice the memory.
    tables = [np.empty((len(rows[0]), FEATURE_COUNT), dtype) for rows, dtype in blocks]
    names: list[str] = []
    for name, values in _features(grid, hidden):
        for features, (rows, _) in zip(tables, blocks, strict=True):
            features[:, len(names)] = values[rows]
        names.append(name)
    rain = grid.values["precipitation_mm"]
    following = np.full_like(rain, np.nan)
    following[:, :-1] = rain[:, 1:]
    return [
        Examples(names, features, rows[0], rows[1], rain[rows], following[rows])
        for features, (rows, _) in zip(tables, blocks, strict=True)
    ]


def labelled_hours(grid: Grid) -> Bools:
    """Hours with an observation whose next hour's rain was measured, shape (S, H)."""
    kept = grid.observed
    kept[:, :-1] &= np.isfinite(grid.values["precipitation_mm"][:, 1:])
    kept[:, -1] = False
    return kept


def _features(grid: Grid, hidden: Bools | None) -> NamedFeatures:
    neighbours = Neighbours(grid.places, hidden)
    yield from _place_and_time_features(grid, neighbours)
    yield from rain_features(grid)
    yield from air_features(grid)
    yield from neighbour_rain_features(grid, neighbours)
    yield from neighbour_air_features(grid, neighbours)


def _place_and_time_features(grid: Grid, neighbours: Neighbours) -> NamedFeatures:
    next_hour = 2 * np.pi * (solar_hour(grid) + 1) / 24
    season = 2 * np.pi * day_of_year(grid) / 365.25
    yield "solar_hour_sin", np.sin(next_hour).astype(np.float32)
    yield "solar_hour_cos", np.cos(next_hour).astype(np.float32)
    yield "season_sin", np.broadcast_to(np.sin(season).astype(np.float32), grid.shape)
    yield "season_cos", np.broadcast_to(np.cos(season).astype(np.float32), grid.shape)
    nearest = neighbours.nearest_km(1)
    columns = [*grid.places.T, np.where(np.isfinite(nearest), nearest, np.nan)]
    names = ("latitude_deg", "longitude_deg", "altitude_m", "nearest_km")
    for name, column in zip(names, columns, strict=True):
        yield name, np.broadcast_to(column.astype(np.float32)[:, None], grid.shape)
