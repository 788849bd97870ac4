"""Who forecasts: the model, a logistic regression on the same features, and the baselines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inmet_platform.model.baselines import BASELINES
from inmet_platform.model.blocks import Blocks
from inmet_platform.model.classifier import (
    FEWEST_EVENTS,
    THRESHOLDS_MM,
    RainClassifier,
    in_parts,
)
from inmet_platform.model.evaluation import best_threshold
from inmet_platform.model.features import Examples
from inmet_platform.model.grid import Grid

Floats = NDArray[np.float64]

# A straight line needs no more to be found.
MOST_ROWS_FOR_LOGISTIC = 100_000


@dataclass(frozen=True)
class Contenders:
    """The fitted model, and what every contender says of the test block.

    `probability` and `says_rain_from`: by threshold (mm) and contender; the second is the
    probability with the highest CSI on the calibration block.
    """

    model: RainClassifier
    probability: dict[float, dict[str, Floats]]
    says_rain_from: dict[float, dict[str, float]]


def fit_contenders(grid: Grid, blocks: Blocks) -> Contenders:
    """Fit all on the training block; the calibration block calibrates the model and its yes."""
    train, calibration, test = blocks.train, blocks.calibration, blocks.test
    model = RainClassifier().fit(
        train.features,
        train.rain_next_mm,
        calibration.features,
        calibration.rain_next_mm,
    )
    said = model.predict_proba(test.features)
    said_before = model.predict_proba(calibration.features)
    probability: dict[float, dict[str, Floats]] = {}
    says_rain_from: dict[float, dict[str, float]] = {}
    for number, limit in enumerate(THRESHOLDS_MM):
        logistic = _fit_logistic(train, limit)
        before = {
            "model": said_before[:, number],
            "logistic": logistic(calibration),
            **{name: it(grid, train, calibration, limit) for name, it in BASELINES.items()},
        }
        probability[limit] = {
            "model": said[:, number],
            "logistic": logistic(test),
            **{name: it(grid, train, test, limit) for name, it in BASELINES.items()},
        }
        observed = calibration.rain_next_mm > limit
        says_rain_from[limit] = {
            name: best_threshold(observed, values) for name, values in before.items()
        }
    return Contenders(model, probability, says_rain_from)


def _fit_logistic(train: Examples, over_mm: float) -> Any:
    """A logistic regression on some hours, drawn with a fixed seed; missing is the median."""
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    rows = np.arange(len(train))
    if len(rows) > MOST_ROWS_FOR_LOGISTIC:
        rows = np.sort(np.random.default_rng(0).choice(rows, MOST_ROWS_FOR_LOGISTIC, replace=False))
    exceeded = train.rain_next_mm[rows] > over_mm
    if min(exceeded.sum(), (~exceeded).sum()) < FEWEST_EVENTS:
        frequency = float((exceeded.sum() + 1) / (len(exceeded) + 2))
        return lambda block: np.full(len(block), frequency)
    # Of a feature that was never measured no median is known.
    line = make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True),
        StandardScaler(),
        LogisticRegression(max_iter=200, tol=1e-3),
    ).fit(train.features[rows], exceeded)
    return lambda block: in_parts(lambda part: line.predict_proba(part)[:, 1], block.features)
