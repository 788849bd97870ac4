"""Whether the features of today are still those of the training: population stability index."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from inmet_platform.model.features import Examples

# The usual reading: up to 0.1 none, up to 0.25 some, beyond it much.
MUCH_DRIFT = 0.25
# Deciles of more rows are no different.
MOST_ROWS = 200_000


def profile(train: Examples) -> dict[str, list[float]]:
    """Inner deciles of every feature where it was measured; none for one that never was."""
    rows = slice(None, None, max(len(train) // MOST_ROWS, 1))
    made = {}
    for number, name in enumerate(train.names):
        values = train.features[rows, number]
        finite = values[np.isfinite(values)]
        deciles: Any = np.quantile(finite, np.linspace(0.1, 0.9, 9)) if len(finite) else []
        made[name] = sorted({float(value) for value in deciles})
    return made


def stability(
    expected: dict[str, list[float]], now: Examples, train_share: float = 0.1
) -> dict[str, float]:
    """The index of every feature that has deciles and values: 0 when nothing has changed.

    Equal deciles (rain is 0 nearly always) are one boundary, and its share as many tenths.
    """
    made = {}
    for number, name in enumerate(now.names):
        edges = np.array(expected.get(name, []))
        values = now.features[:, number]
        finite = values[np.isfinite(values)]
        if len(edges) == 9 and len(finite):
            found = np.bincount(np.searchsorted(edges, finite), minlength=10) / len(finite)
            made[name] = _index(np.full(10, train_share), found)
    return made


def _index(expected: NDArray[np.float64], found: NDArray[np.float64]) -> float:
    least = 1e-4  # an empty class would be infinitely far
    before, after = np.maximum(expected, least), np.maximum(found, least)
    return float(((after - before) * np.log(after / before)).sum())
