"""Features from the neighbours of a station, and the means they are made of: rain travels.

A Gaussian of the distance weights the neighbours. Its width is the distance to the k-th nearest
station, so that a station in the sparse Amazon has neighbours, too. The mean of an hour leaves out
the neighbours that did not measure it. Features are pairs of name and matrix, shape (S, H).
"""

from __future__ import annotations

import numpy as np

from inmet_platform.model.derived_variables import anomaly, clearness, departure, wet, wind
from inmet_platform.model.grid import Bools, Floats, Grid, Matrix
from inmet_platform.model.station_features import LOOK_BACK_H, NamedFeatures
from inmet_platform.model.windows import change, lag, rolling_mean, rolling_sum

EARTH_RADIUS_KM = 6371.0
# With a smaller share of the full weight a mean says nothing about the place.
LEAST_WEIGHT = 1e-3
# Over this distance the weight of a wet station falls to 1/e; rain seven times as far is ignored.
CENTROID_KM = 200.0
LEAST_NEARNESS = 1e-3
SECTORS = {"north": 0.0, "east": 0.5, "south": 1.0, "west": 1.5}  # half turns, clockwise


class Neighbours:
    """Distances and directions between the stations.

    `distance_km`: shape (S, S), infinite from a station to itself, to one without a place, and to a
    hidden one. `bearing`: shape (S, S), from the row's station to the column's, radians clockwise
    from north.
    """

    def __init__(self, places: Floats, hidden: Bools | None = None) -> None:
        """From places, shape (S, 3), and which stations are hidden from all others, shape (S,)."""
        latitude, longitude = np.radians(places[:, 0]), np.radians(places[:, 1])
        north = latitude[None, :] - latitude[:, None]
        turn = longitude[None, :] - longitude[:, None]
        east = turn * np.cos(latitude)[:, None]
        cosines = np.cos(latitude)[:, None] * np.cos(latitude)[None, :]
        haversine = np.sin(north / 2) ** 2 + cosines * np.sin(turn / 2) ** 2
        distance: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(haversine, 0, 1)))
        if hidden is not None:
            distance[:, hidden] = np.inf
        distance[np.isnan(distance)] = np.inf
        np.fill_diagonal(distance, np.inf)
        self.distance_km = distance
        self.bearing = np.nan_to_num(np.arctan2(east, north))

    def nearest_km(self, rank: int) -> Floats:
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
        return np.asarray(weights * ahead**2, np.float32)

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


def neighbour_rain_features(grid: Grid, neighbours: Neighbours) -> NamedFeatures:
    """Where it rains around the station, how much, and since when."""
    rain, is_wet = grid.values["precipitation_mm"], wet(grid)
    weights = {rank: neighbours.weights(rank) for rank in (2, 6, 20)}
    for rank, near in weights.items():
        share, amount = weighted_mean(near, is_wet), weighted_mean(near, np.log1p(rain))
        yield f"near{rank}_wet_share", share
        yield f"near{rank}_rain_log", amount
        if rank > 2:
            yield f"near{rank}_wet_share_lag_1h", lag(share, 1)
            yield f"near{rank}_rain_log_lag_1h", lag(amount, 1)
        if rank == 6:
            yield "near6_wet_share_lag_2h", lag(share, 2)
    for direction, half_turns in SECTORS.items():
        close, far = (
            weighted_mean(neighbours.sector(weights[rank], half_turns), is_wet) for rank in (6, 20)
        )
        yield f"{direction}6_wet_share", close
        yield f"{direction}6_wet_share_lag_1h", lag(close, 1)
        yield f"{direction}20_wet_share", far
    yield "near6_rain_max_mm", neighbours.highest(rain, 6)
    yield "near20_rain_sum_24h_log", weighted_mean(weights[20], np.log1p(rolling_sum(rain, 24)))
    began = np.where(lag(is_wet, 1) == 0, is_wet, np.nan).astype(np.float32)
    yield "near20_rain_begins_share", weighted_mean(weights[20], began)
    east, north = rain_centroid(neighbours, is_wet)
    yield "rain_centroid_east_km", east
    yield "rain_centroid_north_km", north
    yield "rain_centroid_km", np.hypot(east, north)
    monthly = rolling_mean(is_wet, LOOK_BACK_H, at_least=0.2)
    yield "near6_wet_share_30d", weighted_mean(weights[6], monthly)


def neighbour_air_features(grid: Grid, neighbours: Neighbours) -> NamedFeatures:
    """How the air of the neighbours changes, and where it flows."""
    values = grid.values
    nearest, near, wide = (neighbours.weights(rank) for rank in (2, 6, 20))
    pressure = values["pressure_hpa"]
    yield "near6_pressure_change_1h_hpa", weighted_mean(near, change(pressure, 1))
    for hours in (1, 3, 24):
        rise = weighted_mean(wide, change(pressure, hours))
        yield f"near20_pressure_change_{hours}h_hpa", rise
    humidity, dew_point = values["humidity_pct"], values["dew_point_c"]
    under_max = values["humidity_max_pct"] - humidity
    yield "near2_humidity_pct", weighted_mean(nearest, humidity)
    yield "near6_humidity_pct", weighted_mean(near, humidity)
    yield "near6_humidity_under_max_pct", weighted_mean(near, under_max)
    yield "near20_humidity_anomaly_lag_3h_pct", lag(weighted_mean(wide, anomaly(humidity)), 3)
    yield "near20_dew_point_departure_c", weighted_mean(wide, departure(dew_point))
    cooled = change(values["temperature_c"], 1)
    yield "near6_temperature_change_1h_c", weighted_mean(near, cooled)
    yield "near6_clearness", weighted_mean(near, clearness(grid))
    yield "near2_wind_gust_ms", weighted_mean(nearest, values["wind_gust_ms"])
    yield "near6_wind_gust_ms", weighted_mean(near, values["wind_gust_ms"])
    yield "near20_wind_speed_ms", weighted_mean(wide, values["wind_speed_ms"])
    u, v = wind(grid)
    yield "near20_wind_u_ms", weighted_mean(wide, u)
    yield "near20_wind_v_ms", weighted_mean(wide, v)
    yield "near20_inflow_ms", inflow(neighbours, wide, u, v)
