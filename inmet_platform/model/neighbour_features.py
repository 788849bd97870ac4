"""Features from the neighbours of a station: pairs of name and matrix, shape (S, H)."""

from __future__ import annotations

import numpy as np

from inmet_platform.model.derived_variables import anomaly, clearness, departure, wet, wind
from inmet_platform.model.grid import Grid, Matrix
from inmet_platform.model.neighbours import (
    SECTORS,
    Neighbours,
    inflow,
    rain_centroid,
    weighted_mean,
)
from inmet_platform.model.station_features import LOOK_BACK_H, NamedFeatures
from inmet_platform.model.windows import change, lag, rolling_mean, rolling_sum


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
    yield from _pressure_features(values, near, wide)
    yield from _moisture_features(values, nearest, near, wide)
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


def _pressure_features(values: dict[str, Matrix], near: Matrix, wide: Matrix) -> NamedFeatures:
    pressure = values["pressure_hpa"]
    yield "near6_pressure_change_1h_hpa", weighted_mean(near, change(pressure, 1))
    for hours in (1, 3, 24):
        rise = weighted_mean(wide, change(pressure, hours))
        yield f"near20_pressure_change_{hours}h_hpa", rise


def _moisture_features(
    values: dict[str, Matrix], nearest: Matrix, near: Matrix, wide: Matrix
) -> NamedFeatures:
    humidity, dew_point = values["humidity_pct"], values["dew_point_c"]
    under_max = values["humidity_max_pct"] - humidity
    yield "near2_humidity_pct", weighted_mean(nearest, humidity)
    yield "near6_humidity_pct", weighted_mean(near, humidity)
    yield "near6_humidity_under_max_pct", weighted_mean(near, under_max)
    yield "near20_humidity_anomaly_lag_3h_pct", lag(weighted_mean(wide, anomaly(humidity)), 3)
    yield "near20_dew_point_departure_c", weighted_mean(wide, departure(dew_point))
