"""The forecast: for every station the hour after its newest, from the champion."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from inmet_platform.model.classifier import THRESHOLDS_MM, RainClassifier
from inmet_platform.model.features import Examples, Hours, examples_at
from inmet_platform.model.grid import Grid
from inmet_platform.model.station_features import LOOK_BACK_H

# A station that has been silent for longer has no present to forecast from.
LONGEST_SILENCE_H = 48
# What a prediction needs: the longest window, and the silence before which a station may end.
HOURS_NEEDED = LOOK_BACK_H + LONGEST_SILENCE_H

PROBABILITIES = tuple(f"probability_over_{limit:g}_mm" for limit in THRESHOLDS_MM)


def newest_rows(grid: Grid) -> Examples:
    """The newest hour of each station; none of those silent for more than two days.

    Args:
        grid: at least `HOURS_NEEDED` hours up to the newest, of all stations.
    """
    observed = grid.observed
    newest = grid.shape[1] - 1 - observed[:, ::-1].argmax(axis=1)
    recent = observed.any(axis=1) & (newest >= grid.shape[1] - 1 - LONGEST_SILENCE_H)
    rows = Hours(np.flatnonzero(recent), newest[recent])
    return examples_at(grid, rows, np.zeros(grid.shape[0], bool))


def forecast(
    grid: Grid, rows: Examples, model: RainClassifier, version: str, says_rain_from: float
) -> pa.Table:
    """Probabilities of rain in the hour after each row.

    Args:
        grid: where the rows are from.
        rows: see `newest_rows`; the model's own features.
        model: the classifier.
        version: its number in the registry.
        says_rain_from: the probability of rain from which it says rain.

    Returns:
        One row a station: `station_id`, `observed_at` (the newest hour), `valid_at` (the end of
        the hour forecast), both UTC, `probability_over_0_mm`, `_5_mm`, `_25_mm`, `says_rain`,
        `model_version`.
    """
    said = model.predict_proba(rows.features)
    at = grid.hours[rows.hour].astype("datetime64[us]")
    return pa.table(
        {
            "station_id": grid.station_ids[rows.station],
            "observed_at": at,
            "valid_at": at + np.timedelta64(1, "h"),
            **{name: said[:, number] for number, name in enumerate(PROBABILITIES)},
            "says_rain": said[:, 0] >= says_rain_from,
            "model_version": [version] * len(rows),
        }
    )
