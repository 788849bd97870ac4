"""Observations as a grid: every station, every hour, NaN where nothing was measured.

On the grid a lag is always the same number of hours, so no value moves across a gap, and one matrix
operation serves all stations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# The columns of the clean data that the features are made of.
INPUTS = (
    "precipitation_mm",
    "pressure_hpa",
    "pressure_max_hpa",
    "pressure_min_hpa",
    "radiation_kj_m2",
    "temperature_c",
    "temperature_max_c",
    "temperature_min_c",
    "dew_point_c",
    "humidity_pct",
    "humidity_max_pct",
    "humidity_min_pct",
    "wind_direction_deg",
    "wind_speed_ms",
    "wind_gust_ms",
)


class Place(NamedTuple):
    """Where a station stands; NaN where unknown."""

    latitude_deg: float = float("nan")
    longitude_deg: float = float("nan")
    altitude_m: float = float("nan")


@dataclass(frozen=True)
class Grid:
    """Observations of S stations in H consecutive hours.

    `station_ids`: shape (S,). `places`: latitude and longitude in degrees, altitude in metres,
    shape (S, 3). `hours`: the end of each hour, UTC, `datetime64[h]`, shape (H,). `values`: one
    matrix for each name of `INPUTS`, shape (S, H).
    """

    station_ids: NDArray[np.str_]
    places: Floats
    hours: NDArray[np.datetime64]
    values: dict[str, Matrix]

    @property
    def shape(self) -> tuple[int, int]:
        """The numbers of stations and hours."""
        return len(self.station_ids), len(self.hours)

    @property
    def observed(self) -> Bools:
        """Where anything was measured, shape (S, H)."""
        observed = np.zeros(self.shape, bool)
        for values in self.values.values():
            observed |= np.isfinite(values)
        return observed


def grid_of(observations: pa.Table, places: dict[str, Place]) -> Grid:
    """Put observations on a grid.

    Args:
        observations: `station_id`, `observed_at` (UTC, no time zone) and `INPUTS`; one row per
            station and hour, in any order; at least one.
        places: by station; a missing station has an unknown place.
    """
    encoded = observations["station_id"].combine_chunks().dictionary_encode()
    names = np.array(encoded.dictionary.to_pylist(), dtype=np.str_)
    order = np.argsort(names)
    station = np.argsort(order)[encoded.indices.to_numpy(zero_copy_only=False)]
    at = observations["observed_at"].to_numpy().astype("datetime64[h]")
    hours = np.arange(at.min(), at.max() + 1)
    hour = (at - hours[0]).astype(np.int64)
    values = {}
    for name in INPUTS:
        matrix = np.full((len(names), len(hours)), np.nan, np.float32)
        matrix[station, hour] = observations[name].to_numpy()
        values[name] = matrix
    found = [places.get(name, Place()) for name in names[order]]
    return Grid(names[order], np.array(found, np.float64).reshape(-1, 3), hours, values)


def months_of(hours: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """The calendar month of each hour, 1 to 12."""
    return hours.astype("datetime64[M]").astype(np.int64) % 12 + 1
