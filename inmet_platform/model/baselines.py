"""What costs nothing and must be beaten: persistence, climatology, Markov.

Each gives the probability of rain in the next hour, shape (n,), fitted on the training block.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from inmet_platform.model.features import Examples

Floats = NDArray[np.float64]


def persistence(test: Examples) -> Floats:
    """It goes on raining, or stays dry; a missing hour counts as dry."""
    return (test.rain_class_now > 0).astype(np.float64)


def climatology(train: Examples, test: Examples) -> Floats:
    """The frequency of rain at that hour of that month; without that month, at that hour."""
    known = _calendar(train).assign(rain=train.rain_class_next > 0)
    wanted = _calendar(test)
    overall = float(known["rain"].mean())
    by_hour = known.groupby("hour")["rain"].mean()
    by_month = known.groupby(["month", "hour"])["rain"].mean().rename("frequency").reset_index()
    frequency = wanted.merge(by_month, on=["month", "hour"], how="left")["frequency"]
    frequency = frequency.fillna(wanted["hour"].map(by_hour)).fillna(overall)
    return frequency.to_numpy(np.float64)


def markov(train: Examples, test: Examples) -> Floats:
    """The frequency of rain after an hour of the present class."""
    rain = pd.Series(train.rain_class_next > 0)
    by_class = rain.groupby(train.rain_class_now).mean()
    present = pd.Series(test.rain_class_now).map(by_class).fillna(float(rain.mean()))
    return present.to_numpy(np.float64)


def _calendar(block: Examples) -> pd.DataFrame:
    hours = pd.DatetimeIndex(block.hours)
    return pd.DataFrame({"month": hours.month, "hour": hours.hour})
