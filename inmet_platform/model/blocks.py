"""Three periods forward in time, with purges between them; never a random split."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inmet_platform.model.features import Examples

# Where the validation and the test block begin, as a part of the hours in order of time.
CUTS = (0.6, 0.8)
# The longest window of a feature (but the dry spell's): blocks have no observation in common.
PURGE = np.timedelta64(24, "h")


@dataclass(frozen=True)
class Blocks:
    """Three periods, one after the other: fit, choose, score."""

    train: Examples
    validation: Examples
    test: Examples


def split(known: Examples) -> Blocks:
    """Three blocks forward in time, with a purge between them; never a random split.

    The cuts are counted in hours with data: by the calendar, a pause of years in the data could
    leave a block empty. Stations are cut at the same hour.
    """
    hours = np.sort(known.hours)
    second, third = (hours[int(len(hours) * cut)] for cut in CUTS)
    return Blocks(
        train=_where(known, known.hours < second),
        validation=_where(known, (known.hours >= second + PURGE) & (known.hours < third)),
        test=_where(known, known.hours >= third + PURGE),
    )


def period(block: Examples) -> str:
    """First and last hour of a block, for people."""
    if not len(block.hours):
        return "none"
    first, last = (hour.astype("datetime64[h]") for hour in (block.hours.min(), block.hours.max()))
    return f"{first} to {last}"


def _where(known: Examples, kept: NDArray[np.bool_]) -> Examples:
    return Examples(
        known.features[kept].reset_index(drop=True),
        known.rain_class_now[kept],
        known.rain_class_next[kept],
        known.hours[kept],
    )
