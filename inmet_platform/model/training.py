"""Training and scoring: forward in time, with a purge, beside what costs nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from inmet_platform.errors import PlatformError
from inmet_platform.inmet.rain_classes import DEFAULT_SCALE, RAIN_CLASSES_VERSION
from inmet_platform.model import baselines
from inmet_platform.model.evaluation import (
    average_precision,
    brier,
    macro_f1,
    skill,
    yes_no_scores,
)
from inmet_platform.model.features import Examples, examples

TRAIN_PART = 0.7
# The longest window of a feature: no hour of the test block shares data with the training block.
PURGE = np.timedelta64(24, "h")
FEWEST_HOURS = 60 * 24
# Beyond that the fit of a first model only gets slower; the newest hours are kept.
MOST_HOURS = 1_000_000

PARAMETERS: dict[str, Any] = {
    "max_iter": 80,
    "learning_rate": 0.08,
    "max_leaf_nodes": 15,
    "min_samples_leaf": 40,
    "l2_regularization": 1.0,
    "early_stopping": False,
    "random_state": 0,
}


class NotEnoughData(PlatformError):
    """The observations are too few, or too much alike, to learn from."""


@dataclass(frozen=True)
class RainModel:
    """A fitted classifier of the next hour's rain class, and how it did on later hours.

    `scores`: flat names such as `model_csi` or `persistence_brier`; `skill_against_markov` and
    the like are Brier skills. `periods`: first and last hour of each block, UTC.
    """

    estimator: Any
    feature_example: pd.DataFrame
    scores: dict[str, float]
    periods: dict[str, str]
    parameters: dict[str, Any]


def train(observations: pd.DataFrame) -> RainModel:
    """Fit on the first 70 % of the period and score on the rest.

    Args:
        observations: `station_id`, `observed_at` and `features.INPUTS`; one row a station and
            hour.

    Raises:
        NotEnoughData: fewer than 60 days, or no rain in one of the blocks.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    if len(observations) < FEWEST_HOURS:
        raise NotEnoughData(
            f"expected at least {FEWEST_HOURS} hours with an observation; "
            f"found {len(observations)}.",
            remedy="Bring in a longer period.",
        )
    known = examples(observations.nlargest(MOST_HOURS, "observed_at"))
    first, second = split(known)
    for name, block in (("training", first), ("test", second)):
        if len(np.unique(block.rain_class_next > 0)) < 2:
            raise NotEnoughData(
                f"expected wet and dry hours in the {name} block; found only one of them "
                f"in {len(block.hours)} hours."
            )
    estimator = HistGradientBoostingClassifier(**PARAMETERS)
    estimator.fit(first.features, first.rain_class_next)
    return RainModel(
        estimator=estimator,
        feature_example=first.features.head(5),
        scores=score(estimator, first, second),
        periods={"train": _period(first), "test": _period(second)},
        parameters={
            **PARAMETERS,
            "rain_scale": DEFAULT_SCALE.name,
            "rain_classes_version": RAIN_CLASSES_VERSION,
            "stations": int(observations["station_id"].nunique()),
            "hours": len(observations),
            "data_sha256": fingerprint(observations),
        },
    )


def split(known: Examples) -> tuple[Examples, Examples]:
    """Earlier and later hours, with a purge between them; never a random split."""
    start, end = known.hours.min(), known.hours.max()
    cut = start + (end - start) * TRAIN_PART
    return _where(known, known.hours < cut), _where(known, known.hours >= cut + PURGE)


def score(estimator: Any, first: Examples, second: Examples) -> dict[str, float]:
    """The model and the three baselines on the test block."""
    observed = second.rain_class_next > 0
    probabilities = estimator.predict_proba(second.features)
    dry = list(estimator.classes_).index(0)
    forecasts = {
        "model": 1.0 - probabilities[:, dry],
        "persistence": baselines.persistence(second),
        "climatology": baselines.climatology(first, second),
        "markov": baselines.markov(first, second),
    }
    scores: dict[str, float] = {"test_hours": len(observed), "test_wet_hours": int(observed.sum())}
    for name, probability in forecasts.items():
        scores |= {f"{name}_{k}": v for k, v in yes_no_scores(observed, probability >= 0.5).items()}
        scores[f"{name}_brier"] = brier(observed, probability)
        scores[f"{name}_average_precision"] = average_precision(observed, probability)
    for reference in ("climatology", "markov"):
        scores[f"skill_against_{reference}"] = skill(
            scores["model_brier"], scores[f"{reference}_brier"]
        )
    classes = estimator.classes_[probabilities.argmax(axis=1)]
    scores["model_macro_f1"] = macro_f1(second.rain_class_next, classes)
    scores["persistence_macro_f1"] = macro_f1(second.rain_class_next, second.rain_class_now)
    return scores


def fingerprint(observations: pd.DataFrame) -> str:
    """sha256 of the training data, independent of the order of rows."""
    ordered = observations.sort_values(["station_id", "observed_at"], ignore_index=True)
    hashes = pd.util.hash_pandas_object(ordered, index=False).to_numpy()
    return hashlib.sha256(hashes.tobytes()).hexdigest()


def _where(known: Examples, kept: Any) -> Examples:
    return Examples(
        known.features[kept].reset_index(drop=True),
        known.rain_class_now[kept],
        known.rain_class_next[kept],
        known.hours[kept],
    )


def _period(block: Examples) -> str:
    return f"{block.hours.min()} to {block.hours.max()}" if len(block.hours) else "none"
