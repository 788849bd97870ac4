"""The challenge of the champion: the hours that neither model has seen, and who is better on them.

A model has seen the hours that it was fitted or calibrated on, at every station: stations near each
other share their weather. On such hours it would be scored on what it knows by heart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from inmet_platform.model.blocks import PURGE_H
from inmet_platform.model.scores import BLOCK_H, Comparison, compare

if TYPE_CHECKING:
    from inmet_platform.model.grid import Bools, Floats
    from inmet_platform.model.training import RainModel

# A bootstrap of few blocks gives too narrow an interval: its quantiles are normal and not Student's
# t, and its variance lacks n / (n - 1) (Hesterberg 2015, doi:10.1080/00031305.2015.1089789). So a
# model that is only as good wins more often than in the 5 % meant: P(t(n-1) > 1.645 sqrt((n-1)/n))
# is 16 % with 3 weeks and 9.7 % with 6. From 6 on it is at most twice what is meant.
FEWEST_WEEKS = 6
FEWEST_HOURS = FEWEST_WEEKS * BLOCK_H


@dataclass(frozen=True)
class Seen:
    """The hours that a model was fitted or calibrated on, `datetime64[h]`, UTC; both ends count."""

    first: np.datetime64
    last: np.datetime64

    def leaves(self, times: NDArray[np.datetime64]) -> Bools:
        """Which hours, shape (n,), it has not seen, and are as far away as blocks are."""
        return (times < self.first - PURGE_H) | (times > self.last + PURGE_H)


def seen_by(periods: dict[str, Any]) -> Seen | None:
    """What a model has seen by `RainModel.periods`, stored beside it; None when it is not there."""
    try:
        first, _ = periods["train"].split(" to ")
        _, last = periods["calibration"].split(" to ")
        return Seen(np.datetime64(first, "h"), np.datetime64(last, "h"))
    except (KeyError, ValueError, AttributeError):
        return None


def seen_until(last: np.datetime64) -> Seen:
    """Every hour until this one: what a model may have seen of which nothing is known."""
    return Seen(np.datetime64("0001-01-01T00", "h"), last)


@dataclass(frozen=True)
class Challenge:
    """A new model beside another on the hours that neither has seen.

    `against`: the other, for a person. `hours`: how many different ones, of all stations together;
    `stations`: of how many; `first`, `last`: the period, UTC, empty without any hour. `comparison`:
    None with fewer than `FEWEST_HOURS`.
    """

    against: str
    hours: int
    stations: int
    first: str
    last: str
    comparison: Comparison | None

    @property
    def sentence(self) -> str:
        """For a person."""
        if self.comparison is None:
            return (
                f"not compared with {self.against}: expected at least {FEWEST_HOURS:,} hours "
                f"({FEWEST_WEEKS} weeks) that neither was fitted or calibrated on; found "
                f"{self.hours:,}{self._period}"
            )
        return (
            f"beside {self.against}, on {self.hours:,} hours that neither was fitted or calibrated "
            f"on{self._period}, {self.comparison.sentence}"
        )

    @property
    def _period(self) -> str:
        span = f" ({self.first} to {self.last} UTC, {self.stations} station(s))"
        return span if self.hours else ""

    def summary(self) -> dict[str, Any]:
        """For dashboards, as plain values: `verdict` and the difference are None without one."""
        found = self.comparison
        return {
            "against": self.against,
            "hours": self.hours,
            "fewest_hours": FEWEST_HOURS,
            "stations": self.stations,
            "first_hour": self.first or None,
            "last_hour": self.last or None,
            "verdict": found and found.verdict,
            "brier_lower_by": found and round(found.difference, 5),
            "brier_lower_by_low": found and round(found.low, 5),
            "brier_lower_by_high": found and round(found.high, 5),
        }


def challenge(
    model: RainModel, against: str, probability: Floats, unseen: Bools, *, fewest: int
) -> Challenge:
    """Hold a new model against another on hours of the new model's test block.

    Args:
        model: the new one; it has seen no hour of its test block.
        against: the other, for a person.
        probability: the other's, of rain, for the test block, shape (n,).
        unseen: which of these the other has not seen, shape (n,).
        fewest: with fewer hours they are not compared.
    """
    rows, times = model.test.where(unseen), model.test_times[unseen]
    hours = len(np.unique(times))
    found = None
    if hours >= fewest:
        observed, new = model.evaluation.observed, model.evaluation.probability["model"]
        found = compare(observed[unseen], new[unseen], probability[unseen], rows.hour)
    first, last = (str(times.min()), str(times.max())) if hours else ("", "")
    return Challenge(against, hours, len(np.unique(rows.station)), first, last, found)
