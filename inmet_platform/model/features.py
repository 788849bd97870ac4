"""What the past tells of the next hour: features of a station from what it and others measured.

No feature of hour t uses anything after t; no window reaches across a gap. The same function
serves training and prediction.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inmet_platform.inmet.rain_classes import class_numbers
from inmet_platform.model.grid import Grid, Matrix
from inmet_platform.model.neighbours import SECTORS, Neighbours, inflow, weighted_mean
from inmet_platform.model.sky import clearness, day_of_year, solar_hour
from inmet_platform.model.windows import change, hours_since, lag, mean, total

LONGEST_DRY_H = 240
# The longest window: who predicts needs so many hours before.
LOOK_BACK_H = 30 * 24
FEATURE_COUNT = 88

Named = Iterator[tuple[str, Matrix]]


@dataclass(frozen=True)
class Examples:
    """Rows of hours t: features with what fell in t and in t + 1.

    `features`: float32, shape (n, k), NaN for missing, columns `names`. `station` and `hour`:
    where in the grid, shape (n,). `rain_now_mm` may be NaN; `rain_next_mm` is so only in what is
    to be predicted.
    """

    names: list[str]
    features: NDArray[np.float32]
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


def examples_at(
    grid: Grid, station: NDArray[np.int64], hour: NDArray[np.int64], hidden: NDArray[np.bool_]
) -> Examples:
    """Features of some hours of a grid, in the order given.

    Args:
        grid: observations.
        station: index of the station of each row, shape (n,).
        hour: index of its hour t, shape (n,).
        hidden: stations that no other may use as a neighbour, shape (S,).
    """
    rain = grid.values["precipitation_mm"]
    following = np.full_like(rain, np.nan)
    following[:, :-1] = rain[:, 1:]
    # One feature after the other: all of them as matrices at once take twice the memory.
    made = np.empty((len(station), FEATURE_COUNT), np.float32)
    names: list[str] = []
    for name, values in _features(grid, hidden):
        made[:, len(names)] = values[station, hour]
        names.append(name)
    return Examples(names, made, station, hour, rain[station, hour], following[station, hour])


def learnable(grid: Grid) -> NDArray[np.bool_]:
    """Hours with an observation whose next hour's rain was measured, shape (S, H)."""
    kept = grid.observed
    kept[:, :-1] &= np.isfinite(grid.values["precipitation_mm"][:, 1:])
    kept[:, -1] = False
    return kept


def _features(grid: Grid, hidden: NDArray[np.bool_]) -> Named:
    neighbours = Neighbours.of(grid.places, hidden)
    yield from _of_place_and_time(grid, neighbours)
    yield from _of_rain(grid)
    yield from _of_the_air(grid)
    yield from _of_neighbours_rain(grid, neighbours)
    yield from _of_neighbours_air(grid, neighbours)


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


def _wet(grid: Grid) -> Matrix:
    rain = grid.values["precipitation_mm"]
    return np.where(np.isnan(rain), np.nan, rain > 0).astype(np.float32)


def _of_rain(grid: Grid) -> Named:
    rain, wet = grid.values["precipitation_mm"], _wet(grid)
    yield "rain_mm", rain
    for hours in (1, 2, 3):
        yield f"rain_lag_{hours}h_mm", lag(rain, hours)
    for hours in (3, 6, 24):
        yield f"rain_sum_{hours}h_mm", total(rain, hours)
    yield "rain_mean_72h_mm", mean(rain, 72, at_least=0.5)
    yield "wet_share_24h", mean(wet, 24, at_least=0.5)
    # A gauge that is stopped up shows here: dry for weeks among wet neighbours.
    yield "wet_share_30d", mean(wet, LOOK_BACK_H, at_least=0.2)
    yield "dry_for_h", hours_since(rain, LONGEST_DRY_H)
    measured = np.isfinite(rain).astype(np.float32)
    yield "rain_measured_24h", mean(measured, 24, at_least=0)


def _of_the_air(grid: Grid) -> Named:
    values = grid.values
    pressure, temperature = values["pressure_hpa"], values["temperature_c"]
    dew_point, humidity = values["dew_point_c"], values["humidity_pct"]
    for hours in (1, 3, 6, 24):
        yield f"pressure_change_{hours}h_hpa", change(pressure, hours)
    yield "pressure_anomaly_hpa", _anomaly(pressure)
    yield "pressure_range_hpa", values["pressure_max_hpa"] - values["pressure_min_hpa"]
    yield "temperature_c", temperature
    yield "dew_point_c", dew_point
    yield "dew_point_depression_c", temperature - dew_point
    yield "humidity_pct", humidity
    yield "humidity_max_pct", values["humidity_max_pct"]
    yield "humidity_min_pct", values["humidity_min_pct"]
    yield "temperature_range_c", values["temperature_max_c"] - values["temperature_min_c"]
    for hours in (1, 3, 24):
        yield f"temperature_change_{hours}h_c", change(temperature, hours)
    yield "dew_point_change_3h_c", change(dew_point, 3)
    yield "humidity_change_1h_pct", change(humidity, 1)
    yield "humidity_change_3h_pct", change(humidity, 3)
    yield "dew_point_anomaly_c", _anomaly(dew_point)
    yield "humidity_anomaly_pct", _anomaly(humidity)
    clear = clearness(grid)
    yield "clearness", clear
    yield "clearness_lag_1h", lag(clear, 1)
    yield "clearness_mean_12h", mean(clear, 12, at_least=0.2)
    u, v = _wind(grid)
    yield "wind_u_ms", u
    yield "wind_v_ms", v
    yield "wind_gust_ms", values["wind_gust_ms"]
    yield "wind_gust_change_1h_ms", change(values["wind_gust_ms"], 1)


def _of_neighbours_rain(grid: Grid, neighbours: Neighbours) -> Named:
    wet, amount = _wet(grid), np.log1p(grid.values["precipitation_mm"])
    for rank in (2, 6, 20):
        weights = neighbours.weights(rank)
        share, rain = weighted_mean(weights, wet), weighted_mean(weights, amount)
        yield f"near{rank}_wet_share", share
        yield f"near{rank}_wet_share_lag_1h", lag(share, 1)
        yield f"near{rank}_wet_share_lag_2h", lag(share, 2)
        yield f"near{rank}_rain_log", rain
        yield f"near{rank}_rain_log_lag_1h", lag(rain, 1)
    wide = neighbours.weights(20)
    for direction, half_turns in SECTORS.items():
        share = weighted_mean(neighbours.sector(wide, half_turns), wet)
        yield f"{direction}_wet_share", share
        yield f"{direction}_wet_share_lag_1h", lag(share, 1)
    long = mean(wet, LOOK_BACK_H, at_least=0.2)
    yield "near6_wet_share_30d", weighted_mean(neighbours.weights(6), long)


def _of_neighbours_air(grid: Grid, neighbours: Neighbours) -> Named:
    values = grid.values
    near, wide = neighbours.weights(6), neighbours.weights(20)
    pressure, humidity = values["pressure_hpa"], values["humidity_pct"]
    yield "near6_pressure_change_1h_hpa", weighted_mean(near, change(pressure, 1))
    yield "near6_pressure_change_3h_hpa", weighted_mean(near, change(pressure, 3))
    yield "near20_pressure_change_3h_hpa", weighted_mean(wide, change(pressure, 3))
    yield "near20_pressure_change_24h_hpa", weighted_mean(wide, change(pressure, 24))
    yield "near6_humidity_pct", weighted_mean(near, humidity)
    damp = weighted_mean(wide, _anomaly(humidity))
    yield "near20_humidity_anomaly_pct", damp
    yield "near20_humidity_anomaly_lag_3h_pct", lag(damp, 3)
    depression = values["temperature_c"] - values["dew_point_c"]
    yield "near6_dew_point_depression_c", weighted_mean(near, depression)
    cooled = change(values["temperature_c"], 1)
    yield "near6_temperature_change_1h_c", weighted_mean(near, cooled)
    clear = clearness(grid)
    yield "near6_clearness", weighted_mean(near, clear)
    yield "near20_clearness", weighted_mean(wide, clear)
    yield "near6_wind_gust_ms", weighted_mean(near, values["wind_gust_ms"])
    yield "near20_dew_point_anomaly_c", weighted_mean(wide, _anomaly(values["dew_point_c"]))
    u, v = _wind(grid)
    yield "near20_wind_u_ms", weighted_mean(wide, u)
    yield "near20_wind_v_ms", weighted_mean(wide, v)
    yield "near20_inflow_ms", inflow(neighbours, wide, u, v)


def _anomaly(values: Matrix) -> Matrix:
    """How far it is from its mean of the last 15 days."""
    return values - mean(values, 15 * 24, at_least=0.5)


def _wind(grid: Grid) -> tuple[Matrix, Matrix]:
    """Eastward and northward component; the direction is where the wind comes from."""
    direction = np.radians(grid.values["wind_direction_deg"])
    speed = grid.values["wind_speed_ms"]
    return -speed * np.sin(direction), -speed * np.cos(direction)
