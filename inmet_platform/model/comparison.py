"""Whether a new model is better than the champion on the same hours, beyond chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inmet_platform.model.grid import Bools, Floats
from inmet_platform.model.scores import BlockBootstrap, interval


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
            f"on the same test block the new model is {self.verdict}: Brier score lower by "
            f"{self.difference:+.5f} (90 % interval {self.low:+.5f} to {self.high:+.5f})"
        )


def compare(observed: Bools, new: Floats, champion: Floats, hour: NDArray[np.int64]) -> Comparison:
    """Compare two forecasts of the same hours.

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
