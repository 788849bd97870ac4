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

# By feature: `edges`, ascending, and `shares` of the rows up to each, and over the last.
Profile = dict[str, dict[str, list[float]]]


def profile(train: Examples) -> Profile:
    """Inner deciles of every feature where it was measured; none for one that never was.

    Equal deciles (rain is 0 nearly always) are one edge, so shares may be unequal.
    """
    rows = slice(None, None, max(len(train) // MOST_ROWS, 1))
    made = {}
    for number, name in enumerate(train.names):
        values = train.features[rows, number]
        finite = values[np.isfinite(values)]
        deciles: Any = np.quantile(finite, np.linspace(0.1, 0.9, 9)) if len(finite) else []
        edges = np.unique(np.asarray(deciles, np.float64))
        made[name] = {"edges": edges.tolist(), "shares": _shares(edges, finite).tolist()}
    return made


def stability(expected: Profile, now: Examples) -> dict[str, float]:
    """The index of every feature that has a profile and values: 0 when nothing has changed."""
    made = {}
    for number, name in enumerate(now.names):
        before = expected.get(name, {"edges": []})
        values = now.features[:, number]
        finite = values[np.isfinite(values)]
        if before["edges"] and len(finite):
            found = _shares(np.array(before["edges"]), finite)
            made[name] = _index(np.array(before["shares"]), found)
    return made


def _shares(edges: NDArray[np.float64], values: NDArray[np.floating]) -> NDArray[np.float64]:
    counts = np.bincount(np.searchsorted(edges, values), minlength=len(edges) + 1)
    shares: NDArray[np.float64] = counts / max(len(values), 1)
    return shares


def _index(expected: NDArray[np.float64], found: NDArray[np.float64]) -> float:
    least = 1e-4  # an empty class would be infinitely far
    before, after = np.maximum(expected, least), np.maximum(found, least)
    return float(((after - before) * np.log(after / before)).sum())
