"""Scores of a forecast of rain in the next hour, as meteorology writes them.

POD probability of detection, FAR false alarm ratio, CSI critical success index, HSS Heidke
skill score, Brier score and its skill against a reference. NaN where a score has no meaning,
such as POD when it never rained.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def yes_no_scores(observed: Bools, forecast: Bools) -> dict[str, float]:
    """POD, FAR, CSI and HSS of a yes/no forecast; arrays of shape (n,)."""
    hits = float(np.sum(observed & forecast))
    misses = float(np.sum(observed & ~forecast))
    alarms = float(np.sum(~observed & forecast))
    quiet = float(np.sum(~observed & ~forecast))
    chance = (hits + misses) * (misses + quiet) + (hits + alarms) * (alarms + quiet)
    return {
        "pod": _ratio(hits, hits + misses),
        "far": _ratio(alarms, hits + alarms),
        "csi": _ratio(hits, hits + misses + alarms),
        "hss": _ratio(2 * (hits * quiet - misses * alarms), chance),
    }


def best_threshold(observed: Bools, probability: Floats) -> float:
    """The probability, in steps of 0.01, from which saying rain gives the highest CSI."""
    thresholds = np.arange(0.05, 0.96, 0.01)
    values = [yes_no_scores(observed, probability >= limit)["csi"] for limit in thresholds]
    # Without any rain observed or said there is no CSI, and nothing to choose by.
    best = np.nan_to_num(np.array(values), nan=-1.0).argmax()
    return round(float(thresholds[best]), 2)


def brier(observed: Bools, probability: Floats) -> float:
    """Mean squared error of a probability; 0 is perfect."""
    return float(np.mean((probability - observed) ** 2))


def skill(score: float, reference: float) -> float:
    """How much of the reference's Brier score is gone: 1 perfect, 0 no better, below 0 worse."""
    return 1.0 - score / reference if reference else float("nan")


def average_precision(observed: Bools, probability: Floats) -> float:
    """Area under precision over recall; NaN when it never rained."""
    from sklearn.metrics import average_precision_score

    if not observed.any():
        return float("nan")
    return float(average_precision_score(observed, probability))


def expected_calibration_error(observed: Bools, probability: Floats, classes: int = 20) -> float:
    """Mean distance of said and seen frequency over classes of as many hours each."""
    if not len(observed):
        return float("nan")
    edges = np.quantile(probability, np.linspace(0, 1, classes + 1)[1:-1])
    number = np.searchsorted(edges, probability, side="right")
    counts = np.bincount(number, minlength=classes)
    said = np.bincount(number, weights=probability, minlength=classes)
    seen = np.bincount(number, weights=observed, minlength=classes)
    return float(np.abs(said - seen).sum() / counts.sum())


def reliability(observed: Bools, probability: Floats, classes: int = 20) -> NDArray[np.float64]:
    """Said and seen frequency and hours of classes of probability of equal width, shape (k, 3)."""
    number = np.minimum((probability * classes).astype(np.int64), classes - 1)
    counts = np.bincount(number, minlength=classes)
    filled = counts > 0
    said = np.bincount(number, weights=probability, minlength=classes)[filled] / counts[filled]
    seen = np.bincount(number, weights=observed, minlength=classes)[filled] / counts[filled]
    return np.column_stack([said, seen, counts[filled].astype(np.float64)])


def macro_f1(observed: NDArray[np.int8], forecast: NDArray[np.int8]) -> float:
    """Mean F1 over the classes that were observed: rare classes count as much as dry hours."""
    from sklearn.metrics import f1_score

    labels = np.unique(observed)
    return float(f1_score(observed, forecast, labels=labels, average="macro", zero_division=0.0))


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")
