"""Whether the features of today are still those of the training: population stability index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inmet_platform.model.features import Examples

# The usual reading: up to 0.1 none, up to 0.25 some, beyond it much.
MUCH_DRIFT = 0.25
# Deciles of more rows are no different.
MOST_ROWS = 200_000

# By feature: `edges`, ascending, and by calendar month (1 to 12, as JSON's keys are text) the
# `shares` of the rows up to each edge, and over the last.
Profile = dict[str, dict[str, Any]]
Months = NDArray[np.int64]

# A month that was seen in part says little of itself.
FEWEST_DAYS = 10


def months_of(hours: NDArray[np.datetime64]) -> Months:
    """Calendar month of each hour, 1 to 12."""
    return hours.astype("datetime64[M]").astype(np.int64) % 12 + 1


def profile(blocks: Sequence[Examples], hours: NDArray[np.datetime64]) -> Profile:
    """Inner deciles of every feature where it was measured, and how each month fills them.

    Equal deciles (rain is 0 nearly always) are one edge, so shares may be unequal. A feature that
    was never measured has no edges.

    Args:
        blocks: rows of one grid, with the same features.
        hours: the hours of that grid, shape (H,).
    """
    step = max(sum(len(block) for block in blocks) // MOST_ROWS, 1)
    at = np.concatenate([hours[block.hour[::step]] for block in blocks])
    months = months_of(at)
    known = _well_seen(at)
    made = {}
    for number, name in enumerate(blocks[0].names):
        values = np.concatenate([block.features[::step, number] for block in blocks])
        there = np.isfinite(values)
        deciles: Any = np.quantile(values[there], np.linspace(0.1, 0.9, 9)) if there.any() else []
        edges = np.unique(np.asarray(deciles, np.float64))
        shares = {
            str(month): _shares(edges, values[there & (months == month)]).tolist()
            for month in np.unique(months[there])
            if month in known
        }
        made[name] = {"edges": edges.tolist(), "shares": shares}
    return made


def stability(expected: Profile, now: Examples, hours: NDArray[np.datetime64]) -> dict[str, float]:
    """The index of every feature that has a profile and values: 0 when nothing has changed.

    Each row is held against its own calendar month, so that no season counts as drift; a month
    that the profile does not have, against the mean of those it has.
    """
    months = months_of(hours[now.hour])
    made = {}
    for number, name in enumerate(now.names):
        before = expected.get(name, {"edges": []})
        values = now.features[:, number]
        there = np.isfinite(values)
        if before["edges"] and there.any():
            found = _shares(np.array(before["edges"]), values[there])
            made[name] = _index(_expected(before["shares"], months[there]), found)
    return made


def _well_seen(hours: NDArray[np.datetime64]) -> set[int]:
    """Months with days enough; all when none has them."""
    days = np.unique(hours.astype("datetime64[D]"))
    months, counts = np.unique(months_of(days), return_counts=True)
    enough = counts >= min(FEWEST_DAYS, counts.max(initial=0))
    return set(months[enough].tolist())


def _expected(shares: dict[str, list[float]], months: Months) -> NDArray[np.float64]:
    whole = np.mean(list(shares.values()), axis=0).tolist()
    present, counts = np.unique(months, return_counts=True)
    mixed = np.array([shares.get(str(month), whole) for month in present])
    return np.asarray(np.average(mixed, axis=0, weights=counts), np.float64)


def _shares(edges: NDArray[np.float64], values: NDArray[np.floating]) -> NDArray[np.float64]:
    counts = np.bincount(np.searchsorted(edges, values), minlength=len(edges) + 1)
    shares: NDArray[np.float64] = counts / max(len(values), 1)
    return shares


def _index(expected: NDArray[np.float64], found: NDArray[np.float64]) -> float:
    least = 1e-4  # an empty class would be infinitely far
    before, after = np.maximum(expected, least), np.maximum(found, least)
    return float(((after - before) * np.log(after / before)).sum())
