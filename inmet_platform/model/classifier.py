"""The classifier: how likely more than 0, 5 and 25 mm fall in the next hour.

Each threshold has a gradient boosting for the hours that exceed the threshold below. So no
probability is higher than that of a lower threshold, and rare events are learned from wet hours
only. Each is calibrated on other hours (Platt scaling: a logistic regression on the log-odds).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from inmet_platform.model.grid import Floats

THRESHOLDS_MM = (0.0, 5.0, 25.0)
# In Portuguese, as everything that an end user sees.
CLASS_LABELS = (
    "sem chuva",
    *(f"≤ {limit:g} mm" for limit in THRESHOLDS_MM[1:]),
    f"> {THRESHOLDS_MM[-1]:g} mm",
)

# With fewer hours on either side only the frequency can be learned.
FEWEST_EVENTS = 30

# OpenMP's threads wait for each other by spinning: on two busy cores a station-year took up to
# 69 s with two threads and always 0.5 s with one.
HOURS_WORTH_THREADS = 100_000
HOURS_AT_ONCE = 100_000
# A feature with fewer values tells nothing, and all its values may fall outside the binned sample.
FEWEST_VALUES = 100

MANY_HOURS = 200_000
_COMMON = {"l2_regularization": 1.0, "random_state": 0}
# Without early stopping. On 2024's calibration block, a third of the features per split and 500
# hours per leaf gave Brier scores 0.5 % lower than all features and 200 hours; 400 small steps gave
# 0.6 % lower ones than 200.
FOR_MANY = {
    "max_iter": 400,
    "learning_rate": 0.05,
    "max_features": 0.3,
    "max_leaf_nodes": 63,
    "min_samples_leaf": 500,
    "early_stopping": False,
    **_COMMON,
}
# On a few station-years, 80 trees of 15 leaves without early stopping gave scores 6 to 8 % higher.
FOR_FEW = {
    "max_iter": 300,
    "learning_rate": 0.05,
    "max_leaf_nodes": 7,
    "min_samples_leaf": 40,
    "early_stopping": True,
    "n_iter_no_change": 15,
    "validation_fraction": 0.15,
    **_COMMON,
}


class RainClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """The probabilities of exceeding the thresholds; `stages_` is the fitted state.

    `stages_`: an (estimator, slope, intercept) per threshold; without an estimator the intercept
    is the log-odds of the frequency.
    """

    def fit(
        self,
        features: NDArray[np.floating],
        rain_next_mm: NDArray[np.floating],
        calibration_features: NDArray[np.floating],
        calibration_rain_next_mm: NDArray[np.floating],
    ) -> RainClassifier:
        """Learn from one block of hours and calibrate on another.

        Args:
            features: shape (n, k), NaN for missing.
            rain_next_mm: rain of the hour after, shape (n,).
            calibration_features: later hours, shape (m, k).
            calibration_rain_next_mm: shape (m,).
        """
        self.thresholds_mm_ = list(THRESHOLDS_MM)
        self.classes_ = np.arange(len(THRESHOLDS_MM))
        self.stages_ = []
        wet: Any = slice(None)  # all rows, without a copy
        later: Any = slice(None)
        for limit in THRESHOLDS_MM:
            with _threads_for(len(features)):
                stage = _fit_stage(
                    features[wet],
                    rain_next_mm[wet] > limit,
                    calibration_features[later],
                    calibration_rain_next_mm[later] > limit,
                )
            self.stages_.append(stage)
            wet, later = rain_next_mm > limit, calibration_rain_next_mm > limit
        return self

    def predict_proba(self, features: Any) -> Floats:
        """The probability of more than each threshold, shape (n, 3), never rising along a row."""
        values = np.asarray(features)
        with _threads_for(len(values)):
            return predict_in_parts(self._predict_part, values)

    def _predict_part(self, features: NDArray[np.floating]) -> Floats:
        conditional = [_predict_stage(stage, features) for stage in self.stages_]
        exceeded: Any = np.cumprod(np.column_stack(conditional), axis=1)
        return np.asarray(exceeded, np.float64)

    def get_fit_parameters(self) -> dict[str, Any]:
        """What was fitted for each threshold, as parameters of an MLflow run."""
        parameters: dict[str, Any] = {}
        stages = zip(self.thresholds_mm_, self.stages_, strict=True)
        for limit, (estimator, slope, intercept) in stages:
            parameters |= {
                f"over_{limit:g}_mm_trees": estimator.n_iter_ if estimator else 0,
                f"over_{limit:g}_mm_leaves": estimator.max_leaf_nodes if estimator else 0,
                f"over_{limit:g}_mm_calibration": f"slope {slope:.3f}, intercept {intercept:+.3f}",
            }
        return parameters

    def predict(self, features: Any) -> Any:
        """How many thresholds are exceeded with a probability over 0.5, shape (n,)."""
        return (self.predict_proba(features) > 0.5).sum(axis=1)


def predict_in_parts(
    predict: Callable[[NDArray[np.floating]], Floats], features: NDArray[np.floating]
) -> Floats:
    """The same as `predict(features)`, but scikit-learn converts only one part at a time."""
    starts = range(0, max(len(features), 1), HOURS_AT_ONCE)
    return np.concatenate([predict(features[start : start + HOURS_AT_ONCE]) for start in starts])


def class_probabilities(exceedance: Floats) -> Floats:
    """Probabilities of the classes below, between and above the thresholds, shape (n, 4)."""
    bounded = np.column_stack([np.ones(len(exceedance)), exceedance, np.zeros(len(exceedance))])
    return -np.diff(bounded, axis=1)


def _threads_for(hours: int) -> Any:
    """One thread for a few station-years, all threads for more."""
    return threadpool_limits(1 if hours < HOURS_WORTH_THREADS else None, user_api="openmp")


def _fit_stage(
    features: NDArray[np.floating],
    exceeded: NDArray[np.bool_],
    later: NDArray[np.floating],
    later_exceeded: NDArray[np.bool_],
) -> list[Any]:
    if min(exceeded.sum(), (~exceeded).sum()) < FEWEST_EVENTS:
        # Laplace's rule: no frequency is 0 or 1.
        frequency = (exceeded.sum() + 1) / (len(exceeded) + 2)
        return [None, 0.0, float(_log_odds(frequency))]
    parameters = FOR_MANY if len(features) > MANY_HOURS else FOR_FEW
    estimator = HistGradientBoostingClassifier(**parameters)
    estimator.fit(_without_empty_features(features), exceeded)
    if min(later_exceeded.sum(), (~later_exceeded).sum()) < FEWEST_EVENTS:
        return [estimator, 1.0, 0.0]
    raw = _log_odds(predict_in_parts(lambda part: estimator.predict_proba(part)[:, 1], later))
    line = LogisticRegression().fit(raw[:, None], later_exceeded)
    return [estimator, float(line.coef_[0, 0]), float(line.intercept_[0])]


def _without_empty_features(features: NDArray[np.floating]) -> NDArray[np.floating]:
    """The same with 0 in all of a feature that was hardly ever measured.

    No tree splits on a constant, and scikit-learn 1.9 cannot bin a feature without any value, such
    as a neighbour's of a lone station.
    """
    hours = len(features)
    fewest = max(min(FEWEST_VALUES, hours // 4), hours // 1000, 1)
    measured = (int(np.isfinite(column).sum()) for column in features.T)
    empty = [number for number, count in enumerate(measured) if count < fewest]
    if not empty:
        return features
    filled = features.copy()
    filled[:, empty] = 0
    return filled


def _predict_stage(stage: list[Any], features: NDArray[np.floating]) -> Floats:
    estimator, slope, intercept = stage
    raw: Floats = np.zeros(len(features))
    if estimator is not None and len(features):
        raw = slope * _log_odds(estimator.predict_proba(features)[:, 1])
    return np.asarray(1 / (1 + np.exp(-(raw + intercept))))


def _log_odds(probability: Any) -> Any:
    inside = np.clip(probability, 1e-9, 1 - 1e-9)
    return np.log(inside / (1 - inside))
