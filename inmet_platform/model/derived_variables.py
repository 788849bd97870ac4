"""Variables derived from the measured ones; every function returns shape (S, H), float32.

The value of hour t uses hours up to t only, and is NaN when one of its inputs is missing.
"""

from __future__ import annotations

import numpy as np

from inmet_platform.model.grid import Grid, Matrix
from inmet_platform.model.windows import rolling_mean, same_hour_mean

# The rain gauges tip every 0.2 mm.
TIP_MM = 0.2
ANOMALY_H = 15 * 24
DEPARTURE_DAYS = 7


def wet(grid: Grid) -> Matrix:
    """1 in an hour with rain, else 0."""
    rain = grid.values["precipitation_mm"]
    return np.where(np.isnan(rain), np.nan, rain > 0).astype(np.float32)


def single_tip(grid: Grid) -> Matrix:
    """1 in an hour with one tip of the gauge, else 0: often dew, or the rest of earlier rain."""
    rain = grid.values["precipitation_mm"]
    return np.where(np.isnan(rain), np.nan, np.abs(rain - TIP_MM) < TIP_MM / 2).astype(np.float32)


def wind(grid: Grid) -> tuple[Matrix, Matrix]:
    """Eastward and northward component, m/s; the wind direction is where the wind comes from."""
    direction = np.radians(grid.values["wind_direction_deg"])
    speed = grid.values["wind_speed_ms"]
    return -speed * np.sin(direction), -speed * np.cos(direction)


def anomaly(values: Matrix) -> Matrix:
    """The difference from the mean of the last 15 days."""
    return values - rolling_mean(values, ANOMALY_H, at_least=0.5)


def departure(values: Matrix) -> Matrix:
    """The difference from the mean at this hour of the last 7 days: without the daily cycle."""
    return values - same_hour_mean(values, DEPARTURE_DAYS)


def equivalent_potential_temperature_k(grid: Grid) -> Matrix:
    """Equivalent potential temperature, K: high in warm and moist air that can rise far.

    Bolton (1980), Monthly Weather Review 108, equations 10, 15, 24 and 39.
    """
    pressure, dew_point = grid.values["pressure_hpa"], grid.values["dew_point_c"]
    kelvin, dew = grid.values["temperature_c"] + 273.15, dew_point + 273.15
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        vapour_hpa = 6.112 * np.exp(17.67 * dew_point / (dew_point + 243.5))
        dry_hpa = pressure - vapour_hpa
        mixing_ratio = 0.622 * vapour_hpa / dry_hpa
        lifted = 1 / (1 / (dew - 56) + np.log(kelvin / dew) / 800) + 56
        theta = kelvin * (1000 / dry_hpa) ** 0.2854 * (kelvin / lifted) ** (0.28 * mixing_ratio)
        theta *= np.exp((3036 / lifted - 1.78) * mixing_ratio * (1 + 0.448 * mixing_ratio))
    return np.where(np.isfinite(theta), theta, np.nan).astype(np.float32)
