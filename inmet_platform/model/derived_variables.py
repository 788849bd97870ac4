"""Variables derived from the measured ones, and the sun above the stations.

Every function that names no other shape returns (S, H), float32. The value of hour t uses hours up
to t only, and is NaN when one of its inputs is missing.
"""

from __future__ import annotations

import numpy as np

from inmet_platform.inmet.quality.sun import SOLAR_CONSTANT_KJ_M2_H
from inmet_platform.model.grid import Floats, Grid, Matrix
from inmet_platform.model.windows import rolling_mean, same_hour_mean

# The rain gauges tip every 0.2 mm.
TIP_MM = 0.2
ANOMALY_H = 15 * 24
DEPARTURE_DAYS = 7
# When the sun is lower, a clear and a cloudy hour differ too little.
LEAST_RADIATION_KJ_M2 = 400.0


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


def day_of_year(grid: Grid) -> Floats:
    """Days since the beginning of the year, with fraction, shape (H,)."""
    since = grid.hours - grid.hours.astype("datetime64[Y]").astype("datetime64[h]")
    return np.asarray(since.astype(np.float64) / 24)


def solar_hour(grid: Grid) -> Floats:
    """Mean solar time at the middle of each hour, 0 to 24, shape (S, H).

    A station without a longitude is taken to be at 45 degrees west, near Brasilia's.
    """
    of_day = grid.hours.astype(np.int64) % 24 - 0.5
    longitude = np.nan_to_num(grid.places[:, 1], nan=-45.0)
    return np.asarray((of_day[None, :] + longitude[:, None] / 15) % 24)


def clearness(grid: Grid) -> Matrix:
    """Radiation as a share of that outside the atmosphere; NaN at night.

    Declination as in FAO Irrigation and Drainage Paper 56 (1998), equation 24.
    """
    declination = 0.409 * np.sin(2 * np.pi * day_of_year(grid) / 365 - 1.39)
    latitude = np.radians(grid.places[:, 0])[:, None]
    hour_angle = np.pi / 12 * (solar_hour(grid) - 12)
    height = np.sin(latitude) * np.sin(declination)
    height += np.cos(latitude) * np.cos(declination) * np.cos(hour_angle)
    above = SOLAR_CONSTANT_KJ_M2_H * height
    share = grid.values["radiation_kj_m2"] / np.maximum(above, LEAST_RADIATION_KJ_M2)
    return np.where(above > LEAST_RADIATION_KJ_M2, share, np.nan).astype(np.float32)
