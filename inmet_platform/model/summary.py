"""What dashboards show of a model, as plain values: scores, reliability, confusion, stations."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from inmet_platform.model.classifier import THRESHOLDS_MM

if TYPE_CHECKING:
    from inmet_platform.model.training import RainModel

_SHOWN = (
    *("brier", "skill_against_markov", "skill_against_markov_by_amount"),
    *("skill_against_climatology", "average_precision", "calibration_error"),
    *("csi", "hss", "pod", "far"),
)


def model_summary(model: RainModel, version: str, champion: str) -> dict[str, Any]:
    """Of one version; values without meaning are None.

    Returns:
        `version`, `champion` (whether it is, and why), `periods`, `stations`, `hours`,
        `scores` (one row a threshold, part and contender, with intervals `…_low`, `…_high`),
        `reliability` (said, seen, hours), `confusion` (observed, said, hours),
        `stations_skill` (station_id, place, held_out, skill_against_markov).
    """
    evaluation = model.evaluation
    return {
        "version": version,
        "champion": champion,
        "periods": model.periods,
        "stations": model.parameters["stations"],
        "hours": model.parameters["hours"],
        "rain_threshold": model.parameters["rain_threshold"],
        "scores": [_finite(row) for row in _scores(model)],
        "reliability": [
            {"said": said, "seen": seen, "hours": int(hours)}
            for said, seen, hours in evaluation.reliability.tolist()
        ],
        "confusion": [
            {"observed": _CLASSES[row], "said": _CLASSES[column], "hours": hours}
            for row, columns in enumerate(evaluation.confusion.tolist())
            for column, hours in enumerate(columns)
        ],
        "stations_skill": [_finite(row) for row in evaluation.stations.to_dict("records")],
    }


_CLASSES = [
    "sem chuva",
    *(f"≤ {limit:g} mm" for limit in THRESHOLDS_MM[1:]),
    f"> {THRESHOLDS_MM[-1]:g} mm",
]


def _scores(model: RainModel) -> list[dict[str, Any]]:
    rows = []
    for it in model.evaluation.verdicts:
        bounds: dict[str, float] = {}
        for name in _SHOWN:
            if name in it.interval:
                bounds[f"{name}_low"], bounds[f"{name}_high"] = it.interval[name]
        rows.append(
            {
                "threshold_mm": it.threshold_mm,
                "part": it.part,
                "contender": it.contender,
                "hours": it.hours,
                "events": it.events,
                **{name: it.scores[name] for name in _SHOWN},
                **bounds,
            }
        )
    return rows


def _finite(row: dict[Any, Any]) -> dict[str, Any]:
    """Without NaN, which is no JSON; numbers to five places."""
    return {
        str(name): (round(value, 5) if math.isfinite(value) else None)
        if isinstance(value, float)
        else value
        for name, value in row.items()
    }
