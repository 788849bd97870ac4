"""What the stations around a station measure: rain travels.

A station's neighbours are weighted by a bell curve over the distance, whose width is the distance
to its k-th nearest station, so that the dense south and the wide Amazon both have some. What a
neighbour did not measure drops out of the mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inmet_platform.model.grid import Matrix

EARTH_RADIUS_KM = 6371.0
# Below that part of the full weight a mean says nothing about the place.
LEAST_WEIGHT = 1e-3
# Over so much the weight of a wet station falls to a third; rain seven times as far is none around.
CENTROID_KM = 200.0
LEAST_NEARNESS = 1e-3
SECTORS = {"north": 0.0, "east": 0.5, "south": 1.0, "west": 1.5}  # half turns, clockwise


@dataclass(frozen=True)
class Neighbours:
    """Stations as seen from each other.

    `distance_km`: shape (S, S), infinite to oneself, to a station without a place, and to those
    that nobody may look at. `bearing`: from the row's station to the column's, radians clockwise
    from north, shape (S, S).
    """

    distance_km: NDArray[np.float64]
    bearing: NDArray[np.float64]

    @classmethod
    def of(cls, places: NDArray[np.float64], hidden: NDArray[np.bool_]) -> Neighbours:
        """From places, shape (S, 3), and which stations are hidden from all, shape (S,)."""
        latitude, longitude = np.radians(places[:, 0]), np.radians(places[:, 1])
        north = latitude[None, :] - latitude[:, None]
        east = (longitude[None, :] - longitude[:, None]) * np.cos(latitude)[:, None]
        half = np.sin(north / 2) ** 2 + np.cos(latitude)[:, None] * np.cos(latitude)[None, :] * (
            np.sin((longitude[None, :] - longitude[:, None]) / 2) ** 2
        )
        distance = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
        distance[:, hidden] = np.inf
        distance[np.isnan(distance)] = np.inf
        np.fill_diagonal(distance, np.inf)
        return cls(distance, np.nan_to_num(np.arctan2(east, north)))

    def nearest_km(self, rank: int) -> NDArray[np.float64]:
        """The distance to the rank-th nearest (from 1), shape (S,); infinite without that many."""
        if rank > len(self.distance_km):
            return np.full(len(self.distance_km), np.inf)
        return np.partition(self.distance_km, rank - 1, axis=1)[:, rank - 1]

    def weights(self, rank: int) -> Matrix:
        """Weights as wide as the distance to the rank-th nearest, shape (S, S)."""
        with np.errstate(invalid="ignore"):
            width = self.nearest_km(rank)
            # With fewer stations than that: as wide as the farthest.
            farthest = np.where(np.isfinite(self.distance_km), self.distance_km, 0).max(axis=1)
            width = np.maximum(np.where(np.isfinite(width), width, farthest), 1.0)
            weights = np.exp(-((self.distance_km / width[:, None]) ** 2))
        return weights.astype(np.float32)

    def sector(self, weights: Matrix, half_turns: float) -> Matrix:
        """The weights of those in one direction, most of those right in it."""
        ahead = np.clip(np.cos(self.bearing - half_turns * np.pi), 0, None)
        made: Matrix = (weights * ahead**2).astype(np.float32)
        return made

    def highest(self, values: Matrix, rank: int) -> Matrix:
        """The highest value of the `rank` nearest stations, shape (S, H); NaN without any."""
        order = np.argsort(self.distance_km, axis=1, kind="stable")[:, :rank]
        made = np.full(values.shape, np.nan, np.float32)
        for column in order.T:
            seen = np.isfinite(self.distance_km[np.arange(len(column)), column])
            made = np.fmax(made, np.where(seen[:, None], values[column], np.float32(np.nan)))
        return made


def weighted_mean(weights: Matrix, values: Matrix) -> Matrix:
    """Of the neighbours' values, shape (S, H); NaN where too few measured."""
    present = np.isfinite(values)
    sums = weights @ np.where(present, values, np.float32(0))
    measured = weights @ present.astype(np.float32)
    enough = measured > LEAST_WEIGHT * np.maximum(weights.sum(axis=1, keepdims=True), 1e-12)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(enough, sums / measured, np.nan).astype(np.float32)


def inflow(neighbours: Neighbours, weights: Matrix, u: Matrix, v: Matrix) -> Matrix:
    """Mean wind of the neighbours towards the station, m/s: where air flows together, it rises."""
    present = np.isfinite(u) & np.isfinite(v)
    east = (weights * np.sin(neighbours.bearing)).astype(np.float32)
    north = (weights * np.cos(neighbours.bearing)).astype(np.float32)
    towards = -(east @ np.where(present, u, np.float32(0)))
    towards -= north @ np.where(present, v, np.float32(0))
    measured = weights @ present.astype(np.float32)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(measured > 0, towards / measured, np.nan).astype(np.float32)


def rain_centroid(neighbours: Neighbours, wet: Matrix) -> tuple[Matrix, Matrix]:
    """Where the rain around has its middle, km east and north of the station.

    Every wet station counts less the farther it is, by `CENTROID_KM`. NaN where none is wet, and
    where none measured.
    """
    known = np.isfinite(neighbours.distance_km)
    distance = np.where(known, neighbours.distance_km, 0.0)
    weights = np.where(known, np.exp(-distance / CENTROID_KM), 0.0)
    raining = np.nan_to_num(wet)
    total = weights.astype(np.float32) @ raining
    near = total > LEAST_NEARNESS
    made = []
    for direction in (np.sin(neighbours.bearing), np.cos(neighbours.bearing)):
        towards = (weights * distance * direction).astype(np.float32) @ raining
        with np.errstate(divide="ignore", invalid="ignore"):
            made.append(np.where(near, towards / total, np.nan).astype(np.float32))
    return made[0], made[1]
