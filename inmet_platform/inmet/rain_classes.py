"""Classes of hourly rain, by the millimetres that fell in the hour; never for daily sums.

Right-closed: exactly 5.0 mm is still `fraca`. A missing value is a class of its own and
never "sem chuva". Sources: Alerta Rio (default, the top of the seed's scale split at 50 mm),
WMO, AMS.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Raise when a boundary changes: a trained model names the version it was made with.
RAIN_CLASSES_VERSION = 1

MISSING = "sem dado"
DRY = "sem chuva"


@dataclass(frozen=True)
class RainScale:
    """Names from dry to heaviest, and the upper bound (mm) of each but the last."""

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
    precipitation_mm: NDArray[np.float64], scale: RainScale = DEFAULT_SCALE
) -> NDArray[np.int8]:
    """Each value's class, shape (n,): 0 is dry, -1 missing."""
    numbers = np.searchsorted(scale.bounds_mm, precipitation_mm, side="left").astype(np.int8)
    numbers[np.isnan(precipitation_mm)] = -1
    return numbers


def class_names(
    precipitation_mm: NDArray[np.float64], scale: RainScale = DEFAULT_SCALE
) -> NDArray[np.str_]:
    """Each value's class by name, shape (n,)."""
    return np.array([*scale.classes, MISSING])[class_numbers(precipitation_mm, scale)]
