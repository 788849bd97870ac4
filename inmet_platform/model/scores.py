"""Scores of a forecast of rain in the next hour, with their names in forecast verification.

POD: probability of detection. FAR: false alarm ratio. CSI: critical success index. HSS: Heidke
skill score. Besides them the Brier score and its skill against a reference. A score is NaN where it
has no meaning, such as POD when it never rained. Its confidence interval (90 %) comes from a
bootstrap over blocks of seven days; by such an interval a new model is held against the champion.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inmet_platform.model.grid import Bools, Floats

# The hours of one week rain together: drawing them one by one would make an interval too narrow.
BLOCK_H = 7 * 24
REPLICATES = 500
INTERVAL = (5.0, 95.0)


def contingency_scores(hits: Any, misses: Any, alarms: Any, quiet: Any) -> dict[str, Any]:
    """POD, FAR, CSI and HSS from the counts of a contingency table, each a number or an array."""
    chance = (hits + misses) * (misses + quiet) + (hits + alarms) * (alarms + quiet)
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "pod": np.divide(hits, hits + misses),
            "far": np.divide(alarms, hits + alarms),
            "csi": np.divide(hits, hits + misses + alarms),
            "hss": np.divide(2 * (hits * quiet - misses * alarms), chance),
        }


def yes_no_scores(observed: Bools, forecast: Bools) -> dict[str, float]:
    """POD, FAR, CSI and HSS of a yes/no forecast; arrays of shape (n,)."""
    pairs = ((observed, forecast), (observed, ~forecast), (~observed, forecast))
    counts = [float(np.sum(seen & said)) for seen, said in (*pairs, (~observed, ~forecast))]
    return {name: float(value) for name, value in contingency_scores(*counts).items()}


def best_threshold(observed: Bools, probability: Floats) -> float:
    """The probability, in steps of 0.01, from which forecasting rain gives the highest CSI."""
    thresholds = np.arange(0.05, 0.96, 0.01)
    values = [yes_no_scores(observed, probability >= limit)["csi"] for limit in thresholds]
    # Without any rain, observed or forecast, there is no CSI and nothing to choose by.
    best = np.nan_to_num(np.array(values), nan=-1.0).argmax()
    return round(float(thresholds[best]), 2)


def brier(observed: Bools, probability: Floats) -> float:
    """The mean squared error of a probability; 0 is perfect."""
    return float(np.mean((probability - observed) ** 2))


def skill(score: float, reference: float) -> float:
    """How much lower a Brier score is than the reference's: 1 perfect, 0 equal, below 0 worse."""
    return 1.0 - score / reference if reference else float("nan")


def average_precision(observed: Bools, probability: Floats) -> float:
    """The area under the curve of precision over recall; NaN when it never rained."""
    from sklearn.metrics import average_precision_score

    if not observed.any():
        return float("nan")
    return float(average_precision_score(observed, probability))


def expected_calibration_error(observed: Bools, probability: Floats, classes: int = 20) -> float:
    """The mean distance of forecast and observed frequency over equally filled classes."""
    if not len(observed):
        return float("nan")
    edges = np.quantile(probability, np.linspace(0, 1, classes + 1)[1:-1])
    number = np.searchsorted(edges, probability, side="right")
    forecast = np.bincount(number, weights=probability, minlength=classes)
    seen = np.bincount(number, weights=observed, minlength=classes)
    return float(np.abs(forecast - seen).sum() / len(observed))


def reliability(observed: Bools, probability: Floats, classes: int = 20) -> Floats:
    """Mean probability, observed frequency and hours of each filled class, shape (k, 3).

    The classes of probability are equally wide.
    """
    number = np.minimum((probability * classes).astype(np.int64), classes - 1)
    hours = np.bincount(number, minlength=classes)
    sums = [np.bincount(number, weights=it, minlength=classes) for it in (probability, observed)]
    filled = hours > 0
    means = [it[filled] / hours[filled] for it in sums]
    return np.column_stack([*means, hours[filled].astype(np.float64)])


def macro_f1(observed: NDArray[np.int8], forecast: NDArray[np.int8]) -> float:
    """The mean F1 of the observed classes: a rare class counts as much as the dry hours."""
    from sklearn.metrics import f1_score

    labels = np.unique(observed)
    return float(f1_score(observed, forecast, labels=labels, average="macro", zero_division=0.0))


class BlockBootstrap:
    """Replicates of some hours; each draws as many blocks as there are.

    `block`: the number of each hour's block, from 0 without gaps, shape (n,). `counts`: how often
    each replicate draws each block, shape (REPLICATES, blocks).
    """

    def __init__(self, hour: NDArray[np.int64]) -> None:
        """Draw the replicates for these hours, shape (n,); always the same ones."""
        present, self.block = np.unique(hour // BLOCK_H, return_inverse=True)
        drawn = np.random.default_rng(0).choice(len(present), (REPLICATES, len(present)))
        counts = [np.bincount(row, minlength=len(present)) for row in drawn]
        self.counts = np.stack(counts).astype(np.float64)

    def sums(self, values: NDArray[np.generic]) -> Floats:
        """The sum of values, shape (n,), over the hours of each replicate, shape (REPLICATES,)."""
        by_block = np.bincount(self.block, weights=values.astype(np.float64))
        return np.asarray(self.counts @ by_block, np.float64)


def interval(values: Floats) -> tuple[float, float]:
    """Lower and upper bound of a score over the replicates; NaN when it never has a meaning."""
    finite = values[np.isfinite(values)]
    if not len(finite):
        return float("nan"), float("nan")
    low, high = np.percentile(finite, INTERVAL)
    return float(low), float(high)


@dataclass(frozen=True)
class Comparison:
    """The champion's Brier score minus the new model's: above 0 the new model is better.

    `low` and `high` bound the 90 % interval of the difference.
    """

    difference: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        """On whose side the whole interval is: the new model is better, worse, or no different."""
        return "better" if self.low > 0 else "worse" if self.high < 0 else "no different"

    @property
    def sentence(self) -> str:
        """For a person."""
        return (
            f"the new model is {self.verdict}: Brier score lower by "
            f"{self.difference:+.5f} (90 % interval {self.low:+.5f} to {self.high:+.5f})"
        )


def compare(observed: Bools, new: Floats, champion: Floats, hour: NDArray[np.int64]) -> Comparison:
    """Whether a new model is better than the champion on the same hours, beyond chance.

    Args:
        observed: whether it rained, shape (n,).
        new: the new model's probabilities, shape (n,).
        champion: the champion's probabilities, shape (n,).
        hour: which hour of the grid each is, shape (n,); those of a week are drawn together.
    """
    gain = (champion - observed) ** 2 - (new - observed) ** 2
    bootstrap = BlockBootstrap(hour)
    bounds = interval(bootstrap.sums(gain) / bootstrap.sums(np.ones(len(gain))))
    return Comparison(float(gain.mean()), *bounds)
