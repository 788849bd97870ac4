"""The sun above the stations: solar time, and how much of its radiation reached the ground."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inmet_platform.inmet.quality.sun import SOLAR_CONSTANT_KJ_M2_H
from inmet_platform.model.grid import Grid, Matrix

# When the sun is lower, a clear and a cloudy hour differ too little.
LEAST_RADIATION_KJ_M2 = 400.0


def day_of_year(grid: Grid) -> NDArray[np.float64]:
    """Days since the beginning of the year, with fraction, shape (H,)."""
    since = grid.hours - grid.hours.astype("datetime64[Y]").astype("datetime64[h]")
    days: NDArray[np.float64] = since.astype(np.float64) / 24
    return days


def solar_hour(grid: Grid) -> NDArray[np.float64]:
    """Mean solar time at the middle of each hour, 0 to 24, shape (S, H).

    A station without a longitude is taken to be at 45 degrees west, near Brasilia's.
    """
    of_day = grid.hours.astype(np.int64) % 24 - 0.5
    longitude = np.nan_to_num(grid.places[:, 1], nan=-45.0)
    solar: NDArray[np.float64] = (of_day[None, :] + longitude[:, None] / 15) % 24
    return solar


def clearness(grid: Grid) -> Matrix:
    """Radiation as a share of that outside the atmosphere, shape (S, H); NaN at night.

    Declination as in FAO Irrigation and Drainage Paper 56 (1998), equation 24.
    """
    declination = 0.409 * np.sin(2 * np.pi * day_of_year(grid) / 365 - 1.39)
    latitude = np.radians(grid.places[:, 0])[:, None]
    hour_angle = np.pi / 12 * (solar_hour(grid) - 12)
    height = np.sin(latitude) * np.sin(declination) + np.cos(latitude) * np.cos(
        declination
    ) * np.cos(hour_angle)
    above = SOLAR_CONSTANT_KJ_M2_H * height
    share = grid.values["radiation_kj_m2"] / np.maximum(above, LEAST_RADIATION_KJ_M2)
    return np.where(above > LEAST_RADIATION_KJ_M2, share, np.nan).astype(np.float32)
