"""Features from a station's own hours: pairs of name and matrix, shape (S, H)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from inmet_platform.model.derived_variables import (
    anomaly,
    clearness,
    departure,
    equivalent_potential_temperature_k,
    single_tip,
    wet,
    wind,
)
from inmet_platform.model.grid import Grid, Matrix
from inmet_platform.model.windows import (
    change,
    hours_since,
    lag,
    rolling_max,
    rolling_mean,
    rolling_sum,
)

LONGEST_DRY_H = 240
# The longest window: a forecast needs so many hours before its own.
LOOK_BACK_H = 30 * 24

NamedFeatures = Iterator[tuple[str, Matrix]]


def rain_features(grid: Grid) -> NamedFeatures:
    """How much rain fell, when, and how the gauge behaves."""
    rain, is_wet, is_tip = grid.values["precipitation_mm"], wet(grid), single_tip(grid)
    yield "rain_mm", rain
    yield "rain_lag_1h_mm", lag(rain, 1)
    for hours in (3, 6, 24):
        yield f"rain_sum_{hours}h_mm", rolling_sum(rain, hours)
    yield "rain_max_3h_mm", rolling_max(rain, 3)
    yield "rain_log_change_1h", change(np.log1p(rain), 1)
    yield "rain_mean_72h_mm", rolling_mean(rain, 72, at_least=0.5)
    yield "wet_share_6h", rolling_mean(is_wet, 6, at_least=0.5)
    yield "wet_share_24h", rolling_mean(is_wet, 24, at_least=0.5)
    # A blocked gauge shows here: dry for weeks among wet neighbours.
    yield "wet_share_30d", rolling_mean(is_wet, LOOK_BACK_H, at_least=0.2)
    yield "dry_for_h", hours_since(rain, LONGEST_DRY_H)
    yield "single_tip", is_tip
    # So does a gauge that tips by itself, or by dew.
    yield "single_tip_share_15d", rolling_mean(is_tip, 15 * 24, at_least=0.3)


def air_features(grid: Grid) -> NamedFeatures:
    """Pressure, temperature, moisture, sun and wind."""
    yield from _pressure_and_temperature_features(grid.values)
    yield from _moisture_features(grid)
    yield from _sun_and_wind_features(grid)


def _pressure_and_temperature_features(values: dict[str, Matrix]) -> NamedFeatures:
    pressure = values["pressure_hpa"]
    for hours in (3, 6):
        yield f"pressure_change_{hours}h_hpa", change(pressure, hours)
    yield "pressure_anomaly_hpa", anomaly(pressure)
    yield "pressure_range_hpa", values["pressure_max_hpa"] - values["pressure_min_hpa"]
    yield "pressure_over_min_hpa", pressure - values["pressure_min_hpa"]
    from_usual = departure(pressure)
    for hours in (1, 3):
        yield f"pressure_departure_change_{hours}h_hpa", change(from_usual, hours)
    temperature = values["temperature_c"]
    highest_c, lowest_c = values["temperature_max_c"], values["temperature_min_c"]
    yield "temperature_c", temperature
    # When in the hour it cooled: a gust front at the end of the hour, or one that has passed.
    yield "temperature_over_min_c", temperature - lowest_c
    yield "temperature_under_max_c", highest_c - temperature
    yield "temperature_range_c", highest_c - lowest_c
    yield "temperature_max_over_before_c", highest_c - lag(temperature, 1)
    yield "temperature_under_max_10h_c", rolling_max(temperature, 10) - temperature
    for hours in (1, 3, 24):
        yield f"temperature_change_{hours}h_c", change(temperature, hours)
    from_usual = departure(temperature)
    yield "temperature_departure_c", from_usual
    for hours in (1, 3):
        yield f"temperature_departure_change_{hours}h_c", change(from_usual, hours)


def _moisture_features(grid: Grid) -> NamedFeatures:
    values = grid.values
    dew_point, humidity = values["dew_point_c"], values["humidity_pct"]
    yield "dew_point_c", dew_point
    yield "dew_point_depression_c", values["temperature_c"] - dew_point
    yield "dew_point_change_3h_c", change(dew_point, 3)
    yield "dew_point_anomaly_c", anomaly(dew_point)
    yield "dew_point_departure_c", departure(dew_point)
    yield "humidity_pct", humidity
    yield "humidity_max_pct", values["humidity_max_pct"]
    yield "humidity_min_pct", values["humidity_min_pct"]
    yield "humidity_over_min_pct", humidity - values["humidity_min_pct"]
    yield "humidity_under_max_pct", values["humidity_max_pct"] - humidity
    yield "humidity_change_3h_pct", change(humidity, 3)
    yield "humidity_anomaly_pct", anomaly(humidity)
    theta_e = equivalent_potential_temperature_k(grid)
    yield "equivalent_potential_temperature_k", theta_e
    yield "equivalent_potential_temperature_change_3h_k", change(theta_e, 3)


def _sun_and_wind_features(grid: Grid) -> NamedFeatures:
    clear = clearness(grid)
    yield "clearness", clear
    yield "clearness_change_1h", change(clear, 1)
    yield "clearness_mean_12h", rolling_mean(clear, 12, at_least=0.2)
    speed, gust = grid.values["wind_speed_ms"], grid.values["wind_gust_ms"]
    for name, component in zip("uv", wind(grid), strict=True):
        yield f"wind_{name}_ms", component
        yield f"wind_{name}_change_1h_ms", change(component, 1)
    yield "wind_speed_departure_ms", departure(speed)
    yield "wind_gust_ms", gust
    yield "wind_gust_change_1h_ms", change(gust, 1)
    yield "wind_gust_departure_ms", departure(gust)
    yield "wind_gust_factor", (gust / np.maximum(speed, 0.5)).astype(np.float32)
