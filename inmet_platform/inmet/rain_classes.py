"""Classes of hourly rain, by the millimetres that fell in the hour; not meant for daily sums.

Intervals are closed on the right: exactly 5.0 mm is still `fraca`. A missing value has a class of
its own and is never "sem chuva". Sources: Alerta Rio (the default), WMO, AMS.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Raise it when a boundary changes: a trained model names the version it was trained with.
RAIN_CLASSES_VERSION = 1

MISSING = "sem dado"
DRY = "sem chuva"


@dataclass(frozen=True)
class RainScale:
    """The class names from dry to heaviest, and the upper bound (mm) of each but the last."""

    name: str
    classes: tuple[str, ...]
    bounds_mm: tuple[float, ...]


_FOUR = (DRY, "fraca", "moderada", "forte", "muito forte")

SCALES = {
    scale.name: scale
    for scale in (
        RainScale("alerta_rio", _FOUR, (0.0, 5.0, 25.0, 50.0)),
        RainScale("wmo", _FOUR, (0.0, 2.5, 10.0, 50.0)),
        RainScale("ams", _FOUR[:4], (0.0, 2.5, 7.6)),
    )
}

DEFAULT_SCALE = SCALES["alerta_rio"]


def class_numbers(
    precipitation_mm: NDArray[np.float64], bounds_mm: tuple[float, ...] = DEFAULT_SCALE.bounds_mm
) -> NDArray[np.int8]:
    """The class of each value between these upper bounds, shape (n,): 0 is dry, -1 is missing."""
    numbers = np.searchsorted(bounds_mm, precipitation_mm, side="left").astype(np.int8)
    numbers[np.isnan(precipitation_mm)] = -1
    return numbers


def class_names(precipitation_mm: NDArray[np.float64]) -> NDArray[np.str_]:
    """The name of each value's class in the default scale, shape (n,)."""
    return np.array([*DEFAULT_SCALE.classes, MISSING])[class_numbers(precipitation_mm)]
