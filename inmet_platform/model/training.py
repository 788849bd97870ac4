"""Training: from clean observations to a fitted model with its scores, or why there is none."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from inmet_platform.errors import PlatformError
from inmet_platform.inmet.rain_classes import DEFAULT_SCALE, RAIN_CLASSES_VERSION
from inmet_platform.model.blocks import period, split
from inmet_platform.model.features import Examples, examples
from inmet_platform.model.recipe import RECIPE_VERSION
from inmet_platform.model.scoring import score

FEWEST_HOURS = 60 * 24
# Beyond that the fit of a first model only gets slower; the newest hours are kept.
MOST_HOURS = 1_000_000

HOURS_WORTH_THREADS = 100_000

# The validation block says when to stop: 80 trees of 15 leaves, grown to the end, had Brier
# scores 6 to 8 % higher (A001 2008 and 2020, A807 2018, the sample). A calibration on that block
# gained up to 9 % more, but scikit-learn's wants every class in it, which one year has not.
PARAMETERS: dict[str, Any] = {
    "max_iter": 300,
    "learning_rate": 0.05,
    "max_leaf_nodes": 7,
    "min_samples_leaf": 40,
    "l2_regularization": 1.0,
    "early_stopping": True,
    "n_iter_no_change": 15,
    "random_state": 0,
}


class NotEnoughData(PlatformError):
    """The observations are too few, or too much alike, to learn from."""


@dataclass(frozen=True)
class RainModel:
    """A fitted classifier of the next hour's rain class, and how it did on later hours.

    `feature_example` and `prediction_example`: some hours, and their probabilities by class.
    `scores`: flat names such as `model_csi` or `persistence_brier`; `skill_against_markov` and
    the like are Brier skills. `periods`: first and last hour of each block, UTC.
    `parameters`: of the estimator, of the classes, of the data and the recipe (`fingerprint`),
    and `rain_threshold`, the probability of rain from which the model says rain.
    """

    estimator: Any
    feature_example: pd.DataFrame
    prediction_example: NDArray[np.float64]
    scores: dict[str, float]
    periods: dict[str, str]
    parameters: dict[str, Any]


def train(observations: pd.DataFrame) -> RainModel:
    """Fit on the first 60 % of the hours, choose on the next 20 %, score on the last 20 %.

    Args:
        observations: `station_id`, `observed_at` and `features.INPUTS`; one row a station and
            hour.

    Raises:
        NotEnoughData: fewer than 60 days of rain measurements, or no rain, or nothing but
            rain, in one of the blocks.
    """
    used = observations.nlargest(MOST_HOURS, "observed_at")
    # The second count is lower: the rain of the hour after must be known, too.
    _require_hours(int(used["precipitation_mm"].notna().sum()))
    known = examples(used)
    _require_hours(len(known.hours))
    blocks = split(known)
    for name, block in vars(blocks).items():
        _require_wet_and_dry(name, block)
    example = blocks.train.features.head(5)
    with _threads_for(len(known.hours)):
        estimator = fit(blocks.train, blocks.validation)
        scores, threshold = score(estimator, blocks)
        predicted = estimator.predict_proba(example)
    return RainModel(
        estimator=estimator,
        feature_example=example,
        prediction_example=predicted,
        scores=scores,
        periods={name: period(block) for name, block in vars(blocks).items()},
        parameters={
            **PARAMETERS,
            "trees_grown": estimator.n_iter_,
            "rain_threshold": threshold,
            "rain_scale": DEFAULT_SCALE.name,
            "rain_classes_version": RAIN_CLASSES_VERSION,
            "classes": ", ".join(DEFAULT_SCALE.classes[number] for number in estimator.classes_),
            "stations": int(used["station_id"].nunique()),
            "hours": len(used),
            "fingerprint": fingerprint(observations),
        },
    )


def fit(first: Examples, validation: Examples) -> Any:
    """A gradient boosting classifier that stops when the validation block gains no more."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    # A class that the training block lacks has no probability, so no loss either.
    learnable = np.isin(validation.rain_class_next, np.unique(first.rain_class_next))
    return HistGradientBoostingClassifier(**PARAMETERS).fit(
        first.features,
        first.rain_class_next,
        X_val=validation.features[learnable],
        y_val=validation.rain_class_next[learnable],
    )


def fingerprint(observations: pd.DataFrame) -> str:
    """sha256 of what makes a model: the data, in whatever order, and how they are learned."""
    ordered = observations.sort_values(["station_id", "observed_at"], ignore_index=True)
    hashes = pd.util.hash_pandas_object(ordered, index=False).to_numpy()
    recipe = json.dumps([RECIPE_VERSION, RAIN_CLASSES_VERSION, PARAMETERS])
    return hashlib.sha256(hashes.tobytes() + recipe.encode()).hexdigest()


def _threads_for(hours: int) -> Any:
    """One thread for a few station-years; for more, as many as there are.

    OpenMP's threads wait for each other by spinning: on two busy cores a station-year took up to
    69 s with two threads and always 0.5 s with one.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    return threadpool_limits(1 if hours < HOURS_WORTH_THREADS else None, user_api="openmp")


def _require_hours(found: int) -> None:
    if found < FEWEST_HOURS:
        raise NotEnoughData(
            f"expected at least {FEWEST_HOURS} hours with a measurement of rain (60 days); "
            f"found {found}.",
            remedy="Bring in a longer period.",
        )


def _require_wet_and_dry(name: str, block: Examples) -> None:
    wet = int((block.rain_class_next > 0).sum())
    if not 0 < wet < len(block.hours):
        raise NotEnoughData(
            f"expected hours with and without rain in the {name} block ({period(block)}); "
            f"found {wet} with rain among {len(block.hours)}.",
            remedy="Bring in a longer period, with more than one wet season.",
        )
