"""A station whose every value is plausible."""

from __future__ import annotations

import numpy as np

from inmet_platform.inmet.quality.rules import TRIPLES
from inmet_platform_tests.warehouse.views.made import Made


def plausible(code: str, first: str, hours: int, **attributes: float) -> Made:
    """Smooth values that no rule flags: nothing repeats, steps or leaves its limits."""
    made = Made(code, first, hours, **attributes)
    number = np.arange(hours)
    of_day = made.labels.astype(np.int64) % 24
    wave = np.sin(2 * np.pi * (of_day - 11) / 24)
    jitter = number * 7 % 10 / 10
    middles = {
        "temperature": (22 + 2 * wave + jitter, 0.3),
        "dew_point": (12 + wave + jitter, 0.2),
        "humidity": (np.round(60 - 8 * wave + number * 7 % 3), 1),
        "pressure": (890 + 1.5 * np.sin(np.pi * of_day / 6) + jitter, 0.2),
    }
    for quantity, (middle, spread) in middles.items():
        value = np.round(middle, 1)
        for name, by in zip(TRIPLES[quantity], (0, spread, -spread), strict=True):
            made.values[name][:] = np.round(value + by, 1)
    made.values["precipitation_mm"][:] = np.where(of_day == 21, 0.4, 0.0)
    made.values["wind_speed_ms"][:] = 2 + jitter
    made.values["wind_gust_ms"][:] = 5 + jitter
    made.values["wind_direction_deg"][:] = 1 + number * 37 % 360
    # From an hour after sunrise to an hour before sunset in the winter of 15 S.
    day = np.round(2500 * np.sin(np.pi * (of_day - 10) / 11), 1)
    made.values["radiation_kj_m2"][:] = np.where((of_day > 10) & (of_day < 21), day, np.nan)
    return made
