"""The champion's forecast for every station: the hour after its newest."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from inmet_platform.model.classifier import THRESHOLDS_MM, RainClassifier
from inmet_platform.model.features import Examples, examples_at
from inmet_platform.model.grid import Grid
from inmet_platform.model.station_features import LOOK_BACK_H

# A station that has been silent for longer gets no forecast.
LONGEST_SILENCE_H = 48
# A forecast needs the longest window before the newest hour of a station that may be silent.
HOURS_NEEDED = LOOK_BACK_H + LONGEST_SILENCE_H

PROBABILITIES = tuple(f"probability_over_{limit:g}_mm" for limit in THRESHOLDS_MM)


def newest_rows(grid: Grid) -> Examples:
    """The newest hour of each station that measured anything in the last two days.

    Args:
        grid: at least `HOURS_NEEDED` hours up to the newest, of all stations.
    """
    observed = grid.observed
    newest = grid.shape[1] - 1 - observed[:, ::-1].argmax(axis=1)
    recent = observed.any(axis=1) & (newest >= grid.shape[1] - 1 - LONGEST_SILENCE_H)
    [examples] = examples_at(grid, [((np.flatnonzero(recent), newest[recent]), np.float32)])
    return examples


def forecast(
    grid: Grid, rows: Examples, model: RainClassifier, version: str, decision_threshold: float
) -> pa.Table:
    """What a version of the model says of the hour after each of the `newest_rows` of a grid.

    The rows have the model's features; from `decision_threshold` on the forecast is rain.

    Returns:
        One row per station: `station_id`, `observed_at` (the newest hour), `valid_at` (the end of
        the hour forecast), both UTC, `probability_over_0_mm`, `_5_mm`, `_25_mm`, `says_rain`,
        `model_version`.
    """
    probability = model.predict_proba(rows.features)
    at = grid.hours[rows.hour].astype("datetime64[us]")
    return pa.table(
        {
            "station_id": grid.station_ids[rows.station],
            "observed_at": at,
            "valid_at": at + np.timedelta64(1, "h"),
            **dict(zip(PROBABILITIES, probability.T, strict=True)),
            "says_rain": probability[:, 0] >= decision_threshold,
            "model_version": [version] * len(rows),
        }
    )
