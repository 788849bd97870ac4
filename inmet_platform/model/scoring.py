"""The model beside the three baselines, on hours that none of them has seen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from inmet_platform.model import baselines
from inmet_platform.model.blocks import Blocks
from inmet_platform.model.evaluation import (
    average_precision,
    best_threshold,
    brier,
    macro_f1,
    skill,
    yes_no_scores,
)
from inmet_platform.model.features import Examples


def score(estimator: Any, blocks: Blocks) -> tuple[dict[str, float], float]:
    """The model and the three baselines on the test block, and the model's threshold.

    Whoever gives a probability says rain above the threshold that had the best CSI on the
    validation block.
    """
    test, chosen_on = blocks.test, blocks.validation
    observed = test.rain_class_next > 0
    scores: dict[str, float] = {"test_hours": len(observed), "test_wet_hours": int(observed.sum())}
    past, forecasts = (_forecasts(estimator, blocks.train, on) for on in (chosen_on, test))
    thresholds = {
        name: best_threshold(chosen_on.rain_class_next > 0, probability)
        for name, probability in past.items()
    }
    for name, probability in forecasts.items():
        said = yes_no_scores(observed, probability >= thresholds[name])
        scores |= {f"{name}_{key}": value for key, value in said.items()}
        scores[f"{name}_brier"] = brier(observed, probability)
        scores[f"{name}_average_precision"] = average_precision(observed, probability)
    for reference in ("climatology", "markov"):
        scores[f"skill_against_{reference}"] = skill(
            scores["model_brier"], scores[f"{reference}_brier"]
        )
    scores["model_macro_f1"] = macro_f1(test.rain_class_next, estimator.predict(test.features))
    scores["persistence_macro_f1"] = macro_f1(test.rain_class_next, test.rain_class_now)
    return scores, thresholds["model"]


def probability_of_rain(estimator: Any, features: pd.DataFrame) -> NDArray[np.float64]:
    """What is left of the probability of a dry hour, shape (n,)."""
    dry = list(estimator.classes_).index(0)
    return np.asarray(1.0 - estimator.predict_proba(features)[:, dry])


def _forecasts(estimator: Any, first: Examples, on: Examples) -> dict[str, NDArray[np.float64]]:
    return {
        "model": probability_of_rain(estimator, on.features),
        "persistence": baselines.persistence(on),
        "climatology": baselines.climatology(first, on),
        "markov": baselines.markov(first, on),
    }
