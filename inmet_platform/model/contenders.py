"""Who forecasts: the model, a logistic regression on the same features, and the baselines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from inmet_platform.model.baselines import BASELINES
from inmet_platform.model.blocks import Blocks
from inmet_platform.model.classifier import (
    FEWEST_EVENTS,
    THRESHOLDS_MM,
    RainClassifier,
    predict_in_parts,
)
from inmet_platform.model.features import Examples
from inmet_platform.model.grid import Floats, Grid
from inmet_platform.model.scores import best_threshold

# A straight line needs no more to be found.
MOST_ROWS_FOR_LOGISTIC = 100_000


@dataclass(frozen=True)
class Contenders:
    """The fitted model, and what every contender forecasts for the test block.

    `probability` and `decision_threshold`: by threshold (mm) and contender; the second is the
    probability with the highest CSI on the calibration block, from which rain is forecast.
    """

    model: RainClassifier
    probability: dict[float, dict[str, Floats]]
    decision_threshold: dict[float, dict[str, float]]


def fit_contenders(grid: Grid, blocks: Blocks) -> Contenders:
    """Fit all on the training block; the calibration block gives their decision thresholds."""
    train, calibration, test = blocks.train, blocks.calibration, blocks.test
    model = RainClassifier().fit(
        train.features, train.rain_next_mm, calibration.features, calibration.rain_next_mm
    )
    of_model = [(block, model.predict_proba(block.features)) for block in (calibration, test)]
    probability: dict[float, dict[str, Floats]] = {}
    decision_threshold: dict[float, dict[str, float]] = {}
    for number, limit in enumerate(THRESHOLDS_MM):
        logistic = _fit_logistic(train, limit)
        before, probability[limit] = (
            {
                "model": exceedance[:, number],
                "logistic": logistic(block),
                **{name: it(grid, train, block, limit) for name, it in BASELINES.items()},
            }
            for block, exceedance in of_model
        )
        observed = calibration.rain_next_mm > limit
        decision_threshold[limit] = {
            name: best_threshold(observed, values) for name, values in before.items()
        }
    return Contenders(model, probability, decision_threshold)


def _fit_logistic(train: Examples, over_mm: float) -> Callable[[Examples], Floats]:
    """A logistic regression on hours drawn with a fixed seed; the median stands in for NaN."""
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
    # A feature that was never measured has no median.
    line = make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True),
        StandardScaler(),
        LogisticRegression(max_iter=200, tol=1e-3),
    ).fit(train.features[rows], exceeded)
    return lambda block: predict_in_parts(
        lambda part: line.predict_proba(part)[:, 1], block.features
    )
