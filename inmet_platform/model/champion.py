"""Whether a new model takes the champion's place: by the same hours, and beyond chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inmet_platform.model.verification import INTERVAL, REPLICATES

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Comparison:
    """Brier score of the champion less that of the new model: over 0 the new one is better.

    `low` and `high`: 90 % interval, from a bootstrap of blocks of seven days.
    """

    difference: float
    low: float
    high: float

    @property
    def is_better(self) -> bool:
        """The whole interval is on the new model's side."""
        return self.low > 0

    @property
    def is_worse(self) -> bool:
        """The whole interval is on the champion's side."""
        return self.high < 0

    @property
    def sentence(self) -> str:
        """For a person."""
        verdict = "better" if self.is_better else "worse" if self.is_worse else "no different"
        return (
            f"on the same test block the new model is {verdict}: Brier score lower by "
            f"{self.difference:+.5f} (90 % interval {self.low:+.5f} to {self.high:+.5f})"
        )


def compare(
    observed: NDArray[np.bool_], new: Floats, champion: Floats, week: NDArray[np.int64]
) -> Comparison:
    """Compare two forecasts of the same hours.

    Args:
        observed: whether it rained, shape (n,).
        new: probabilities of the new model, shape (n,).
        champion: those of the present champion, shape (n,).
        week: the block of days of each hour, from 0, shape (n,).
    """
    gained = (champion - observed) ** 2 - (new - observed) ** 2
    weeks = int(week.max()) + 1
    sums = np.bincount(week, weights=gained, minlength=weeks)
    hours = np.bincount(week, minlength=weeks)
    present = np.flatnonzero(hours)
    drawn = np.random.default_rng(0).choice(present, (REPLICATES, len(present)))
    means = sums[drawn].sum(axis=1) / hours[drawn].sum(axis=1)
    low, high = np.percentile(means, INTERVAL)
    return Comparison(float(gained.mean()), float(low), float(high))
