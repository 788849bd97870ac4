"""Confidence intervals (90 %) from a bootstrap over blocks of seven days.

The hours of one week rain together: drawing them one by one would make an interval too narrow.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inmet_platform.model.grid import Floats

BLOCK_H = 7 * 24
REPLICATES = 500
INTERVAL = (5.0, 95.0)


class BlockBootstrap:
    """Replicates of some hours; each draws as many blocks as there are.

    `block`: the number of each hour's block, from 0 without gaps, shape (n,). `counts`: how often
    each replicate draws each block, shape (REPLICATES, blocks).
    """

    def __init__(self, block: NDArray[np.int64]) -> None:
        """Draw the replicates for hours of these blocks, shape (n,); always the same ones."""
        present, self.block = np.unique(block, return_inverse=True)
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
