"""Forecast verification: scores of every contender by threshold and part of the test block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inmet_platform.model.grid import Bools, Floats
from inmet_platform.model.scores import (
    BlockBootstrap,
    average_precision,
    brier,
    contingency_scores,
    expected_calibration_error,
    interval,
    skill,
    yes_no_scores,
)

# The average precision of a replicate is computed from classes of probability: so many equally
# filled by all hours, and as many by the hours with an event, so that rare events do not all fall
# into the highest class.
RANKS = 400
REFERENCES = ("markov", "markov_by_amount", "climatology")
SCORES_WITH_INTERVAL = (
    "brier",
    *(f"skill_against_{name}" for name in REFERENCES),
    *("average_precision", "csi", "hss", "pod", "far"),
)


@dataclass(frozen=True)
class Forecasts:
    """What the contenders forecast for one threshold, and what was observed.

    `probability`: by contender, shape (n,). `decision_threshold`: by contender, the probability
    from which it forecasts yes. `hour`: the index in the grid of each row, shape (n,).
    """

    threshold_mm: float
    observed: Bools
    probability: dict[str, Floats]
    decision_threshold: dict[str, float]
    hour: NDArray[np.int64]

    def where(self, kept: Bools) -> Forecasts:
        """Some of the rows."""
        probability = {name: values[kept] for name, values in self.probability.items()}
        observed, hour = self.observed[kept], self.hour[kept]
        return replace(self, observed=observed, probability=probability, hour=hour)

    def says_yes(self, contender: str) -> Bools:
        """Where a contender forecasts more than the threshold, shape (n,)."""
        return self.probability[contender] >= self.decision_threshold[contender]

    def squared_error(self, contender: str) -> Floats:
        """The squared error of a contender's probabilities, shape (n,)."""
        return np.asarray((self.probability[contender] - self.observed) ** 2)


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

    def values(self) -> dict[str, float]:
        """The scores, and the bounds of their intervals as `<score>_low` and `<score>_high`."""
        values = dict(self.scores)
        for name, (low, high) in self.interval.items():
            values |= {f"{name}_low": low, f"{name}_high": high}
        return values

    def row(self) -> dict[str, Any]:
        """One row of a table: what was scored, and the values."""
        names = ("threshold_mm", "part", "contender", "hours", "events")
        return {**{name: getattr(self, name) for name in names}, **self.values()}


def verify(forecasts: Forecasts, parts: dict[str, Bools]) -> Iterator[Verdict]:
    """Score every contender on every part; the part named "all" has intervals, too."""
    for part, kept in parts.items():
        if not kept.any():
            continue
        some = forecasts.where(kept)
        bootstrap = BlockBootstrap(some.hour) if part == "all" else None
        for contender in some.probability:
            yield Verdict(
                threshold_mm=forecasts.threshold_mm,
                part=part,
                contender=contender,
                hours=len(some.observed),
                events=int(some.observed.sum()),
                scores=_scores(some, contender),
                interval=_intervals(some, contender, bootstrap) if bootstrap else {},
            )


def _scores(some: Forecasts, contender: str) -> dict[str, float]:
    observed, probability = some.observed, some.probability[contender]
    error = brier(observed, probability)
    return {
        "brier": error,
        **{
            f"skill_against_{name}": skill(error, brier(observed, some.probability[name]))
            for name in REFERENCES
        },
        "average_precision": average_precision(observed, probability),
        "calibration_error": expected_calibration_error(observed, probability),
        **yes_no_scores(observed, some.says_yes(contender)),
    }


def _intervals(
    some: Forecasts, contender: str, bootstrap: BlockBootstrap
) -> dict[str, tuple[float, float]]:
    observed, yes, sums = some.observed, some.says_yes(contender), bootstrap.sums
    error = sums(some.squared_error(contender))
    table = (observed & yes, observed & ~yes, ~observed & yes, ~observed & ~yes)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = {
            "brier": error / sums(np.ones(len(observed))),
            **{
                f"skill_against_{name}": 1 - error / sums(some.squared_error(name))
                for name in REFERENCES
            },
            "average_precision": _average_precisions(some, contender, bootstrap),
            **contingency_scores(*map(sums, table)),
        }
    return {name: interval(values[name]) for name in SCORES_WITH_INTERVAL}


def _average_precisions(some: Forecasts, contender: str, bootstrap: BlockBootstrap) -> Floats:
    """The average precision of each replicate, from classes of probability, shape (R,)."""
    probability = some.probability[contender]
    shares = np.linspace(0, 1, RANKS)
    cuts = [np.quantile(it, shares) for it in (probability, probability[some.observed]) if len(it)]
    edges = np.unique(np.concatenate(cuts))
    rank = len(edges) - np.searchsorted(edges, probability, side="right")
    shape = (bootstrap.counts.shape[1], len(edges) + 1)
    cell = bootstrap.block * shape[1] + rank
    size = shape[0] * shape[1]
    events = np.bincount(cell, weights=some.observed, minlength=size).reshape(shape)
    hours = np.bincount(cell, minlength=size).reshape(shape)
    hits = np.cumsum(bootstrap.counts @ events, axis=1)
    alarms_and_hits = np.cumsum(bootstrap.counts @ hours, axis=1)
    recall = hits / hits[:, -1:]
    precision = np.where(alarms_and_hits > 0, hits / alarms_and_hits, 0.0)
    return np.asarray((np.diff(recall, axis=1, prepend=0.0) * precision).sum(axis=1))
