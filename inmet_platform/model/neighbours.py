"""The neighbours of a station, and means over what they measure: rain travels.

A Gaussian of the distance weights the neighbours. Its width is the distance to the k-th nearest
station, so that a station in the sparse Amazon has neighbours, too. The mean of an hour leaves out
the neighbours that did not measure it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inmet_platform.model.grid import Matrix

EARTH_RADIUS_KM = 6371.0
# With a smaller share of the full weight a mean says nothing about the place.
LEAST_WEIGHT = 1e-3
# Over this distance the weight of a wet station falls to 1/e; rain seven times as far is ignored.
CENTROID_KM = 200.0
LEAST_NEARNESS = 1e-3
SECTORS = {"north": 0.0, "east": 0.5, "south": 1.0, "west": 1.5}  # half turns, clockwise


@dataclass(frozen=True)
class Neighbours:
    """Distances and directions between the stations.

    `distance_km`: shape (S, S), infinite from a station to itself, to one without a place, and to a
    hidden one. `bearing`: shape (S, S), from the row's station to the column's, radians clockwise
    from north.
    """

    distance_km: NDArray[np.float64]
    bearing: NDArray[np.float64]

    @classmethod
    def of(cls, places: NDArray[np.float64], hidden: NDArray[np.bool_]) -> Neighbours:
        """From places, shape (S, 3), and which stations are hidden from all others, shape (S,)."""
        latitude, longitude = np.radians(places[:, 0]), np.radians(places[:, 1])
        north = latitude[None, :] - latitude[:, None]
        turn = longitude[None, :] - longitude[:, None]
        east = turn * np.cos(latitude)[:, None]
        cosines = np.cos(latitude)[:, None] * np.cos(latitude)[None, :]
        haversine = np.sin(north / 2) ** 2 + cosines * np.sin(turn / 2) ** 2
        distance = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(haversine, 0, 1)))
        distance[:, hidden] = np.inf
        distance[np.isnan(distance)] = np.inf
        np.fill_diagonal(distance, np.inf)
        return cls(distance, np.nan_to_num(np.arctan2(east, north)))

    def nearest_km(self, rank: int) -> NDArray[np.float64]:
        """The distance to the rank-th nearest (from 1), shape (S,); infinite when there is none."""
        if rank > len(self.distance_km):
            return np.full(len(self.distance_km), np.inf)
        return np.partition(self.distance_km, rank - 1, axis=1)[:, rank - 1]

    def weights(self, rank: int) -> Matrix:
        """Weights as wide as the distance to the rank-th nearest, shape (S, S)."""
        with np.errstate(invalid="ignore"):
            width = self.nearest_km(rank)
            # With fewer stations than that, the distance to the farthest.
            farthest = np.where(np.isfinite(self.distance_km), self.distance_km, 0).max(axis=1)
            width = np.maximum(np.where(np.isfinite(width), width, farthest), 1.0)
            weights = np.exp(-((self.distance_km / width[:, None]) ** 2))
        return weights.astype(np.float32)

    def sector(self, weights: Matrix, half_turns: float) -> Matrix:
        """The weights of the neighbours in one direction; the highest for those exactly there."""
        ahead = np.clip(np.cos(self.bearing - half_turns * np.pi), 0, None)
        in_sector: Matrix = (weights * ahead**2).astype(np.float32)
        return in_sector

    def highest(self, values: Matrix, rank: int) -> Matrix:
        """The highest value of the `rank` nearest stations, shape (S, H); NaN without any."""
        order = np.argsort(self.distance_km, axis=1, kind="stable")[:, :rank]
        highest = np.full(values.shape, np.nan, np.float32)
        for nearest in order.T:
            seen = np.isfinite(self.distance_km[np.arange(len(nearest)), nearest])
            highest = np.fmax(highest, np.where(seen[:, None], values[nearest], np.float32(np.nan)))
        return highest


def weighted_mean(weights: Matrix, values: Matrix) -> Matrix:
    """The mean of the neighbours' values, shape (S, H); NaN where too few of them measured."""
    present = np.isfinite(values)
    sums = weights @ np.where(present, values, np.float32(0))
    measured = weights @ present.astype(np.float32)
    enough = measured > LEAST_WEIGHT * np.maximum(weights.sum(axis=1, keepdims=True), 1e-12)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(enough, sums / measured, np.nan).astype(np.float32)


def inflow(neighbours: Neighbours, weights: Matrix, u: Matrix, v: Matrix) -> Matrix:
    """The mean wind of the neighbours towards the station, m/s: converging air rises."""
    present = np.isfinite(u) & np.isfinite(v)
    east = (weights * np.sin(neighbours.bearing)).astype(np.float32)
    north = (weights * np.cos(neighbours.bearing)).astype(np.float32)
    towards = -(east @ np.where(present, u, np.float32(0)))
    towards -= north @ np.where(present, v, np.float32(0))
    measured = weights @ present.astype(np.float32)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(measured > 0, towards / measured, np.nan).astype(np.float32)


def rain_centroid(neighbours: Neighbours, wet: Matrix) -> tuple[Matrix, Matrix]:
    """The centre of the rain around the station, km east and north of it.

    A wet station counts less the farther it is, by `CENTROID_KM`. NaN where no station is wet or
    none measured.
    """
    known = np.isfinite(neighbours.distance_km)
    distance = np.where(known, neighbours.distance_km, 0.0)
    weights = np.where(known, np.exp(-distance / CENTROID_KM), 0.0)
    raining = np.nan_to_num(wet)
    total = weights.astype(np.float32) @ raining
    near = total > LEAST_NEARNESS
    centre = []
    for direction in (np.sin(neighbours.bearing), np.cos(neighbours.bearing)):
        towards = (weights * distance * direction).astype(np.float32) @ raining
        with np.errstate(divide="ignore", invalid="ignore"):
            centre.append(np.where(near, towards / total, np.nan).astype(np.float32))
    return centre[0], centre[1]
