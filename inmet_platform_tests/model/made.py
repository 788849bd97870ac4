"""Observations made by hand or drawn, for the model's tests."""

from __future__ import annotations

import numpy as np
import pandas as pd

from inmet_platform.inmet.readers import read_observations
from inmet_platform.inmet.sample import sample_station_year
from inmet_platform.inmet.schema import VARIABLE_NAMES
from inmet_platform.model.features import INPUTS, Examples


def observations(
    rain_mm: list[float], *, station_id: str = "A001", first: str = "2020-01-01T00", seed: int = 0
) -> pd.DataFrame:
    """Consecutive hours with this rain; the other variables are drawn."""
    rng = np.random.default_rng(seed)
    hours = pd.date_range(first, periods=len(rain_mm), freq="h")
    drawn = {name: rng.uniform(0, 30, len(rain_mm)).round(1) for name in INPUTS}
    return pd.DataFrame(
        {"station_id": station_id, "observed_at": hours, **drawn, "precipitation_mm": rain_mm}
    )


def sample_observations(year: int = 2023, days: int | None = None) -> pd.DataFrame:
    """The synthetic station-year as CLEAN holds it: no row for an hour without observation."""
    table = read_observations(sample_station_year(year)[1], file="sample").table
    frame: pd.DataFrame = table.to_pandas().drop(columns="line_number")
    frame = frame.dropna(how="all", subset=list(VARIABLE_NAMES))
    return frame.head(days * 24) if days else frame


def known(now: list[int], following: list[int], first: str = "2020-01-01T00") -> Examples:
    """Examples of consecutive hours, with one feature that says nothing."""
    hours = np.datetime64(first, "ns") + np.arange(len(now)) * np.timedelta64(1, "h")
    return Examples(
        pd.DataFrame({"nothing": np.zeros(len(now), np.float32)}),
        np.array(now, np.int8),
        np.array(following, np.int8),
        hours,
    )
