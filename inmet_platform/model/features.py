"""What the past tells of the next hour: features from a station's observations up to hour t.

Observations are first put on the full hourly grid of their station, so that a lag is always
that many hours and a gap breaks it: a window with a missing hour is missing. No feature of
hour t uses anything after t.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from inmet_platform.inmet.rain_classes import class_numbers

LAGS_H = (1, 2, 3)
RAIN_SUMS_H = (3, 6, 24)
PRESSURE_TENDENCIES_H = (1, 3, 6, 24)
LONGEST_DRY_H = 240.0

# What the features are made of: the columns of the clean CSV that must be read.
INPUTS = (
    "precipitation_mm",
    "pressure_hpa",
    "radiation_kj_m2",
    "temperature_c",
    "dew_point_c",
    "humidity_pct",
    "wind_direction_deg",
    "wind_speed_ms",
    "wind_gust_ms",
)


@dataclass(frozen=True)
class Examples:
    """One row an hour t with an observation and a known next hour.

    `features`: float32, shape (n, k), NaN for missing. `rain_class_now` and
    `rain_class_next`: class numbers (`rain_classes`), now -1 when missing. `hours`: t, UTC.
    """

    features: pd.DataFrame
    rain_class_now: NDArray[np.int8]
    rain_class_next: NDArray[np.int8]
    hours: NDArray[np.datetime64]


def hourly_grid(observations: pd.DataFrame) -> pd.DataFrame:
    """Every hour from a station's first to its last, one row each, missing hours as NaN.

    Args:
        observations: `station_id`, `observed_at` (no time zone) and the columns of `INPUTS`;
            one row a station and hour.
    """
    grids = []
    for station, rows in observations.groupby("station_id", sort=True, observed=True):
        rows = rows.set_index("observed_at").sort_index()
        hours = pd.date_range(rows.index[0], rows.index[-1], freq="h", name="observed_at")
        grid = rows[list(INPUTS)].reindex(hours).reset_index()
        grid.insert(0, "station_id", station)
        grids.append(grid)
    return pd.concat(grids, ignore_index=True)


def features(grid: pd.DataFrame) -> pd.DataFrame:
    """Features of every hour of a grid, float32, in the grid's order."""
    station = grid["station_id"]
    rain, pressure = grid["precipitation_mm"], grid["pressure_hpa"]
    made = {"rain_mm": rain}
    made |= {f"rain_lag_{lag}h_mm": rain.groupby(station).shift(lag) for lag in LAGS_H}
    made |= {f"rain_sum_{hours}h_mm": _sum(rain, station, hours) for hours in RAIN_SUMS_H}
    made["dry_for_h"] = _hours_since_rain(rain, station)
    made |= {
        f"pressure_tendency_{hours}h_hpa": pressure - pressure.groupby(station).shift(hours)
        for hours in PRESSURE_TENDENCIES_H
    }
    temperature = grid["temperature_c"]
    made["temperature_c"] = temperature
    made["temperature_change_3h_c"] = temperature - temperature.groupby(station).shift(3)
    made["dew_point_depression_c"] = temperature - grid["dew_point_c"]
    made["humidity_pct"] = grid["humidity_pct"]
    made["radiation_kj_m2"] = grid["radiation_kj_m2"]
    made["wind_gust_ms"] = grid["wind_gust_ms"]
    direction = np.radians(grid["wind_direction_deg"])
    made["wind_u_ms"] = -grid["wind_speed_ms"] * np.sin(direction)
    made["wind_v_ms"] = -grid["wind_speed_ms"] * np.cos(direction)
    made |= _harmonics(grid["observed_at"])
    return pd.DataFrame(made).astype(np.float32)


def examples(observations: pd.DataFrame) -> Examples:
    """Features of hour t with the rain class of hour t+1, where both are known."""
    grid = hourly_grid(observations)
    now = class_numbers(grid["precipitation_mm"].to_numpy())
    next_rain = grid.groupby("station_id")["precipitation_mm"].shift(-1)
    following = class_numbers(next_rain.to_numpy())
    observed = grid[list(INPUTS)].notna().any(axis=1).to_numpy()
    kept = observed & (following >= 0)
    return Examples(
        features=features(grid)[kept].reset_index(drop=True),
        rain_class_now=now[kept],
        rain_class_next=following[kept],
        hours=grid["observed_at"].to_numpy()[kept],
    )


def _sum(values: pd.Series, station: pd.Series, hours: int) -> pd.Series:
    sums = values.groupby(station).rolling(hours, min_periods=hours).sum()
    return sums.droplevel(0)


def _hours_since_rain(rain: pd.Series, station: pd.Series) -> pd.Series:
    """Hours since the last with rain, at most ten days.

    Missing before the station's first rain, and after a gap until it rains.
    """
    stretch = (rain.gt(0) | rain.isna()).groupby(station).cumsum()
    position = rain.groupby([station, stretch]).cumcount().astype(float)
    begun_by_gap = rain.isna().groupby([station, stretch]).transform("first")
    return position.clip(upper=LONGEST_DRY_H).mask(begun_by_gap | stretch.eq(0))


def _harmonics(hours: pd.Series) -> dict[str, pd.Series]:
    of_day = 2 * np.pi * hours.dt.hour / 24
    of_year = 2 * np.pi * hours.dt.dayofyear / 365.25
    return {
        "hour_sin": np.sin(of_day),
        "hour_cos": np.cos(of_day),
        "season_sin": np.sin(of_year),
        "season_cos": np.cos(of_year),
    }
