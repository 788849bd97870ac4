"""What dashboards show about a model, as plain values: scores, reliability, confusion, stations."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from inmet_platform.model.classifier import CLASS_LABELS

if TYPE_CHECKING:
    from inmet_platform.model.training import RainModel


def model_summary(model: RainModel, version: str, champion: str) -> dict[str, Any]:
    """The summary of one version; a value without meaning is None.

    Returns:
        `version`, `champion` (whether it is the champion, and why), `periods`, `stations`, `hours`,
        `scores` (one row per threshold, part and contender, with intervals `…_low`, `…_high`),
        `reliability` (said, seen, hours), `confusion` (observed, said, hours),
        `stations_skill` (station_id, place, held_out, skill_against_markov).
    """
    evaluation = model.evaluation
    return {
        "version": version,
        "champion": champion,
        "periods": model.periods,
        **{name: model.parameters[name] for name in ("stations", "hours", "rain_threshold")},
        "scores": [_finite(it.row()) for it in evaluation.verdicts],
        "reliability": [
            {"said": said, "seen": seen, "hours": int(hours)}
            for said, seen, hours in evaluation.reliability.tolist()
        ],
        "confusion": [
            {"observed": CLASS_LABELS[row], "said": CLASS_LABELS[column], "hours": hours}
            for row, columns in enumerate(evaluation.confusion.tolist())
            for column, hours in enumerate(columns)
        ],
        "stations_skill": [_finite(row) for row in evaluation.stations.to_dict("records")],
    }


def _finite(row: dict[Any, Any]) -> dict[str, Any]:
    """Numbers rounded to five places, and None for NaN, which JSON does not have."""
    return {
        str(name): (round(value, 5) if math.isfinite(value) else None)
        if isinstance(value, float)
        else value
        for name, value in row.items()
    }
