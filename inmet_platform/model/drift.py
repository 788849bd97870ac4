"""Drift: whether features are still distributed as in training, by population stability index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inmet_platform.model.features import Examples
from inmet_platform.model.grid import Floats, months_of

# The usual reading: up to 0.1 no drift, up to 0.25 some, above that much.
DRIFT_LIMIT = 0.25
# More rows give the same deciles.
MOST_ROWS = 200_000

# By feature: `edges`, ascending, and by calendar month ("1" to "12", as keys of JSON are text) the
# `shares` of the rows up to each edge, and above the last.
Profile = dict[str, dict[str, Any]]

# A month with fewer days says little about itself.
FEWEST_DAYS = 10


def profile(blocks: Sequence[Examples], hours: NDArray[np.datetime64]) -> Profile:
    """The inner deciles of every feature, and how each month fills the classes between them.

    Equal deciles (rain is 0 nearly always) become one edge, so shares may be unequal. A feature
    that was never measured has no edges.

    Args:
        blocks: rows of one grid, with the same features.
        hours: the hours of that grid, shape (H,).
    """
    step = max(sum(len(block) for block in blocks) // MOST_ROWS, 1)
    at = np.concatenate([hours[block.hour[::step]] for block in blocks])
    months = months_of(at)
    complete = _months_with_enough_days(at)
    profiles = {}
    for number, name in enumerate(blocks[0].names):
        values = np.concatenate([block.features[::step, number] for block in blocks])
        there = np.isfinite(values)
        deciles: Any = np.quantile(values[there], np.linspace(0.1, 0.9, 9)) if there.any() else []
        edges = np.unique(np.asarray(deciles, np.float64))
        shares = {
            str(month): _shares(edges, values[there & (months == month)]).tolist()
            for month in np.unique(months[there])
            if month in complete
        }
        profiles[name] = {"edges": edges.tolist(), "shares": shares}
    return profiles


def stability(expected: Profile, now: Examples, hours: NDArray[np.datetime64]) -> dict[str, float]:
    """The index of every feature that has a profile and values: 0 when nothing has changed.

    Each row is compared with its own calendar month, so that a season is no drift; a month that the
    profile lacks is compared with the mean of the months it has.
    """
    months = months_of(hours[now.hour])
    indexes = {}
    for number, name in enumerate(now.names):
        before = expected.get(name, {"edges": []})
        values = now.features[:, number]
        there = np.isfinite(values)
        if before["edges"] and there.any():
            found = _shares(np.array(before["edges"]), values[there])
            indexes[name] = _index(_expected(before["shares"], months[there]), found)
    return indexes


def _months_with_enough_days(hours: NDArray[np.datetime64]) -> set[int]:
    """The months with at least `FEWEST_DAYS` days, or else those with the most."""
    days = np.unique(hours.astype("datetime64[D]"))
    months, counts = np.unique(months_of(days), return_counts=True)
    enough = counts >= min(FEWEST_DAYS, counts.max(initial=0))
    return set(months[enough].tolist())


def _expected(shares: dict[str, list[float]], months: NDArray[np.int64]) -> Floats:
    whole = np.mean(list(shares.values()), axis=0).tolist()
    present, counts = np.unique(months, return_counts=True)
    mixed = np.array([shares.get(str(month), whole) for month in present])
    return np.asarray(np.average(mixed, axis=0, weights=counts), np.float64)


def _shares(edges: Floats, values: NDArray[np.floating]) -> Floats:
    counts = np.bincount(np.searchsorted(edges, values), minlength=len(edges) + 1)
    return np.asarray(counts / max(len(values), 1), np.float64)


def _index(expected: Floats, found: Floats) -> float:
    least = 1e-4  # an empty class would make the index infinite
    before, after = np.maximum(expected, least), np.maximum(found, least)
    return float(((after - before) * np.log(after / before)).sum())
