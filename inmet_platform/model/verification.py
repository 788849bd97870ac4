"""How a forecast did: scores of every contender, by threshold and part of the test block.

Intervals are 90 %, from a bootstrap of blocks of seven days: hours of one week rain together, and
drawn one by one they would promise too much. A replicate draws as many blocks as there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inmet_platform.model.evaluation import (
    average_precision,
    expected_calibration_error,
    skill,
    yes_no_scores,
)

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

BLOCK_H = 7 * 24
REPLICATES = 500
INTERVAL = (5.0, 95.0)
# Average precision of a replicate is taken from so many classes of probability, twice: equally full
# of all hours, and of the events, of which the rare ones would else be in the highest class alone.
RANKS = 400
REFERENCES = ("markov", "markov_by_amount", "climatology")
SCORES_WITH_INTERVAL = (
    "brier",
    *(f"skill_against_{name}" for name in REFERENCES),
    "average_precision",
    "csi",
    "hss",
    "pod",
    "far",
)


@dataclass(frozen=True)
class Forecasts:
    """What the contenders said of one threshold, and what came.

    `probability`: by contender, shape (n,). `says_rain_from`: by contender, the probability from
    which it says yes. `week`: the block of days of each row, shape (n,).
    """

    threshold_mm: float
    observed: Bools
    probability: dict[str, Floats]
    says_rain_from: dict[str, float]
    week: NDArray[np.int64]

    def where(self, kept: Bools) -> Forecasts:
        """Some of the rows."""
        return Forecasts(
            self.threshold_mm,
            self.observed[kept],
            {name: values[kept] for name, values in self.probability.items()},
            self.says_rain_from,
            self.week[kept],
        )


@dataclass(frozen=True)
class Verdict:
    """The scores of one contender on one part of the test block; NaN where one has no meaning."""

    threshold_mm: float
    part: str
    contender: str
    hours: int
    events: int
    scores: dict[str, float]
    interval: dict[str, tuple[float, float]] = field(default_factory=dict)


def verify(forecasts: Forecasts, parts: dict[str, Bools]) -> Iterator[Verdict]:
    """Every contender on every part; intervals on the part named "all"."""
    for part, kept in parts.items():
        if not kept.any():
            continue
        some = forecasts.where(kept)
        replicates = _replicates(some) if part == "all" else None
        for contender in some.probability:
            yield Verdict(
                threshold_mm=forecasts.threshold_mm,
                part=part,
                contender=contender,
                hours=len(some.observed),
                events=int(some.observed.sum()),
                scores=_scores(some, contender),
                interval=_interval(some, contender, replicates) if replicates is not None else {},
            )


def _scores(some: Forecasts, contender: str) -> dict[str, float]:
    probability = some.probability[contender]
    error = _squared(some, contender).mean()
    said = probability >= some.says_rain_from[contender]
    return {
        "brier": float(error),
        **{
            f"skill_against_{name}": skill(float(error), float(_squared(some, name).mean()))
            for name in REFERENCES
        },
        "average_precision": average_precision(some.observed, probability),
        "calibration_error": expected_calibration_error(some.observed, probability),
        **yes_no_scores(some.observed, said),
    }


def _squared(some: Forecasts, contender: str) -> Floats:
    squared: Floats = (some.probability[contender] - some.observed) ** 2
    return squared


def _replicates(some: Forecasts) -> Floats:
    """How often each week is drawn in each replicate, shape (REPLICATES, weeks)."""
    weeks = int(some.week.max()) + 1
    present = np.unique(some.week)
    drawn = np.random.default_rng(0).choice(present, (REPLICATES, len(present)))
    return np.stack([np.bincount(row, minlength=weeks) for row in drawn]).astype(np.float64)


def _interval(
    some: Forecasts, contender: str, replicates: Floats
) -> dict[str, tuple[float, float]]:
    said = some.probability[contender] >= some.says_rain_from[contender]
    observed = some.observed
    weekly = {
        "hits": _by_week(some, observed & said),
        "misses": _by_week(some, observed & ~said),
        "alarms": _by_week(some, ~observed & said),
        "quiet": _by_week(some, ~observed & ~said),
        "error": _by_week(some, _squared(some, contender)),
        **{name: _by_week(some, _squared(some, name)) for name in REFERENCES},
    }
    sums = {name: replicates @ values for name, values in weekly.items()}
    hours = replicates @ _by_week(some, np.ones(len(observed)))
    hits, misses, alarms, quiet = (sums[name] for name in ("hits", "misses", "alarms", "quiet"))
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = (hits + misses) * (misses + quiet) + (hits + alarms) * (alarms + quiet)
        made = {
            "brier": sums["error"] / hours,
            **{f"skill_against_{name}": 1 - sums["error"] / sums[name] for name in REFERENCES},
            "average_precision": _average_precisions(some, contender, replicates),
            "csi": hits / (hits + misses + alarms),
            "hss": 2 * (hits * quiet - misses * alarms) / chance,
            "pod": hits / (hits + misses),
            "far": alarms / (hits + alarms),
        }
    return {name: _bounds(values) for name, values in made.items()}


def _bounds(values: Floats) -> tuple[float, float]:
    finite = values[np.isfinite(values)]
    if not len(finite):
        return float("nan"), float("nan")
    low, high = np.percentile(finite, INTERVAL)
    return float(low), float(high)


def _by_week(some: Forecasts, values: NDArray[np.generic]) -> Floats:
    weeks = int(some.week.max()) + 1
    sums: Any = np.bincount(some.week, weights=values.astype(np.float64), minlength=weeks)
    return np.asarray(sums, np.float64)


def _average_precisions(some: Forecasts, contender: str, replicates: Floats) -> Floats:
    """Of each replicate, from the classes of probability in descending order, shape (R,)."""
    probability = some.probability[contender]
    shares = np.linspace(0, 1, RANKS)
    cuts = [np.quantile(it, shares) for it in (probability, probability[some.observed]) if len(it)]
    edges = np.unique(np.concatenate(cuts))
    rank = len(edges) - np.searchsorted(edges, probability, side="right")
    shape = (replicates.shape[1], len(edges) + 1)
    cell = some.week * shape[1] + rank
    size = shape[0] * shape[1]
    events = np.bincount(cell, weights=some.observed, minlength=size).reshape(shape)
    hours = np.bincount(cell, minlength=size).reshape(shape)
    hits = np.cumsum(replicates @ events, axis=1)
    said = np.cumsum(replicates @ hours, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        recall = hits / hits[:, -1:]
        precision = np.where(said > 0, hits / said, 0.0)
        made: Floats = (np.diff(recall, axis=1, prepend=0.0) * precision).sum(axis=1)
    return made
