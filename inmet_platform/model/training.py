"""Training: from a grid of observations to a fitted model with its scores."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from inmet_platform.errors import PlatformError
from inmet_platform.inmet.rain_classes import DEFAULT_SCALE, RAIN_CLASSES_VERSION
from inmet_platform.model.blocks import period, split
from inmet_platform.model.challenge import Challenge
from inmet_platform.model.classifier import CLASS_LABELS
from inmet_platform.model.contenders import fit_contenders
from inmet_platform.model.drift import Profile, profile
from inmet_platform.model.evaluation import Evaluation, evaluate
from inmet_platform.model.features import Examples
from inmet_platform.model.grid import INPUTS, Grid
from inmet_platform.model.recipe import RECIPE_VERSION

FEWEST_HOURS = 60 * 24


class NotEnoughData(PlatformError):
    """The observations are too few or too uniform to train a model."""


@dataclass(frozen=True)
class RainModel:
    """A fitted model of the next hour's rain, and its evaluation on later hours.

    `feature_example` and `prediction_example`: some hours, and the model's probabilities for them.
    `periods`: first and last hour of each block, UTC. `parameters`: of estimator, classes, data and
    recipe (`fingerprint`), and `rain_threshold`, the probability from which it forecasts rain.
    `feature_profile`: deciles of every feature in all blocks by month, to detect drift; nothing is
    fitted on it. `test`: the block it was scored on, so that another model can be scored on it, and
    `test_times`: when its hours were, `datetime64[h]`, UTC, shape (n,).
    """

    estimator: Any
    feature_example: pd.DataFrame
    prediction_example: NDArray[np.float64]
    evaluation: Evaluation
    periods: dict[str, str]
    parameters: dict[str, Any]
    feature_profile: Profile
    test: Examples
    test_times: NDArray[np.datetime64]

    def summary(
        self, version: str, champion: str, challenged: Challenge | None = None
    ) -> dict[str, Any]:
        """What dashboards show, as plain values; a value without meaning is None.

        Returns:
            `version`, `champion` (whether it is the champion, and why), `challenge` (on which hours
            it was compared; None when there was no champion), `periods`, `stations`, `hours`,
            `rain_threshold`, `scores` (one row per threshold, part and contender, with
            intervals `…_low`, `…_high`), `reliability` (said, seen, hours), `confusion` (observed,
            said, hours), `stations_skill` (station_id, place, held_out, skill_against_markov).
        """
        evaluation = self.evaluation
        return {
            "version": version,
            "champion": champion,
            "challenge": challenged and challenged.summary(),
            "periods": self.periods,
            **{name: self.parameters[name] for name in ("stations", "hours", "rain_threshold")},
            "scores": [_finite(it.row()) for it in evaluation.verdicts],
            "reliability": [
                {"said": said, "seen": seen, "hours": int(hours)}
                for said, seen, hours in evaluation.reliability.tolist()
            ],
            "confusion": [
                {"observed": CLASS_LABELS[row], "said": CLASS_LABELS[column], "hours": int(hours)}
                for (row, column), hours in np.ndenumerate(evaluation.confusion)
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


def train(grid: Grid, regions: dict[str, str] | None = None) -> RainModel:
    """Fit on the first two thirds of the hours, calibrate on the next sixth, score on the last.

    Args:
        grid: observations of any number of stations.
        regions: by station, for scores by region.

    Raises:
        NotEnoughData: there are fewer than 60 days of rain measurements, or one of the blocks has
            no rain or nothing but rain.
    """
    # The second count is lower: the rain of the next hour must be known, too.
    _require_hours(int(np.isfinite(grid.values["precipitation_mm"]).sum()))
    blocks = split(grid)
    parts = {"train": blocks.train, "calibration": blocks.calibration, "test": blocks.test}
    _require_hours(sum(len(block) for block in parts.values()))
    for name, block in parts.items():
        _require_wet_and_dry(name, grid, block)
    model, forecasts = fit_contenders(grid, blocks)
    evaluation = evaluate(grid, blocks, forecasts, regions or {})
    example = pd.DataFrame(blocks.train.features[:5].astype(np.float32), columns=blocks.train.names)
    return RainModel(
        estimator=model,
        feature_example=example,
        prediction_example=model.predict_proba(example.to_numpy()),
        evaluation=evaluation,
        periods={name: period(grid, block) for name, block in parts.items()},
        parameters={
            **model.get_fit_parameters(),
            "rain_threshold": forecasts[0].decision_threshold["model"],
            "rain_scale": DEFAULT_SCALE.name,
            "rain_classes_version": RAIN_CLASSES_VERSION,
            "recipe_version": RECIPE_VERSION,
            "features": len(blocks.train.names),
            "stations": len(grid.station_ids),
            "held_out_stations": " ".join(grid.station_ids[blocks.held_out]) or "none",
            "hours": int(grid.observed.sum()),
            "period": f"{grid.hours[0]} to {grid.hours[-1]}",
            "fingerprint": fingerprint(grid),
        },
        feature_profile=profile(list(parts.values()), grid.hours),
        test=blocks.test,
        test_times=grid.hours[blocks.test.hour],
    )


def fingerprint(grid: Grid) -> str:
    """The sha256 of everything that determines a model: stations, places, hours, values, recipe."""
    digest = hashlib.sha256(f"{RECIPE_VERSION} {RAIN_CLASSES_VERSION}".encode())
    digest.update(" ".join(grid.station_ids).encode())
    for part in (grid.places, grid.hours.astype(np.int64), *(grid.values[n] for n in INPUTS)):
        digest.update(np.ascontiguousarray(part).tobytes())
    return digest.hexdigest()


def _require_hours(found: int) -> None:
    if found < FEWEST_HOURS:
        raise NotEnoughData(
            f"expected at least {FEWEST_HOURS} hours with a measurement of rain (60 days); "
            f"found {found}.",
            remedy="Bring in a longer period.",
        )


def _require_wet_and_dry(name: str, grid: Grid, block: Examples) -> None:
    wet = int((block.rain_next_mm > 0).sum())
    if not 0 < wet < len(block):
        raise NotEnoughData(
            f"expected hours with and without rain in the {name} block ({period(grid, block)}, "
            f"{grid.shape[0]} station(s)); found {wet} with rain among {len(block)}.",
            remedy="Bring in a longer period, with more than one wet season.",
        )
