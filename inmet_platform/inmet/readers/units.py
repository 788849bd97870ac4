"""Units as they stand in the names of columns, and what they make of the values.

Units that INMET writes pass. INMET's own mislabels pass with a remark. Another unit is converted
where that is exact, with a remark, or the file is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from inmet_platform.inmet.readers.text import fold


@dataclass(frozen=True)
class Unit:
    """A unit as its column's name writes it; `key` is the same, folded."""

    written: str
    key: str


@dataclass(frozen=True)
class Conversion:
    """canonical = (value + offset) * factor; `mislabel` says what the header got wrong."""

    factor: float = 1.0
    offset: float = 0.0
    mislabel: str | None = None

    @property
    def is_needed(self) -> bool:
        """Whether values change."""
        return (self.factor, self.offset) != (1.0, 0.0)


_SAME = Conversion()
_SPEED = {
    **dict.fromkeys(("m s", "ms", "m s 1", "mps"), _SAME),
    **dict.fromkeys(("km h", "kmh", "kph", "km h 1"), Conversion(1 / 3.6)),
    **dict.fromkeys(("kt", "kts", "kn", "knots", "nos"), Conversion(1852 / 3600)),
    "mph": Conversion(0.44704),
}
_TEMPERATURE = {
    **dict.fromkeys(("c", "oc", "degc", "celsius", "graus c", "graus celsius"), _SAME),
    **dict.fromkeys(("f", "of", "degf", "fahrenheit"), Conversion(1 / 1.8, -32.0)),
    **dict.fromkeys(("k", "kelvin"), Conversion(1.0, -273.15)),
}
# What each unit makes of a variable of this canonical unit; "" is `%` or `°` after folding.
UNITS: dict[str, dict[str, Conversion]] = {
    "mm": {
        **dict.fromkeys(("mm", "mm h", "milimetros", "l m2"), _SAME),
        "cm": Conversion(10.0),
        **dict.fromkeys(("in", "inch", "inches", "pol"), Conversion(25.4)),
    },
    "hpa": {
        **dict.fromkeys(("hpa", "mb", "mbar"), _SAME),
        "kpa": Conversion(10.0),
        "pa": Conversion(0.01),
        "mmhg": Conversion(1.333223874),
    },
    "kj_m2": {
        **dict.fromkeys(("kj m2", "kj m 2", "kjm2", "kj m"), _SAME),
        **dict.fromkeys(("mj m2", "mj m 2"), Conversion(1000.0)),
        **dict.fromkeys(("j m2", "j m 2"), Conversion(0.001)),
        "w m2": Conversion(mislabel="kJ/m², which old pages of INMET call W/m²"),
    },
    "c": _TEMPERATURE,
    "pct": dict.fromkeys(("pct", "percent", "por cento", ""), _SAME),
    "deg": {
        **dict.fromkeys(("gr", "graus", "grau", "deg", "degrees", "g", ""), _SAME),
        "m s": Conversion(mislabel="degrees, although INMET's station table says m/s"),
    },
    "ms": _SPEED,
}
_ALL = {key for units in UNITS.values() for key in units if key}
# Of the units without brackets, those that can be nothing else at the end of a name.
_AT_THE_END = sorted(_ALL - {"in", "g", "h", "ms"} | {"ms"}, key=len, reverse=True)

_BRACKETS = re.compile(r"[(\[]((?:[^()\[\]]|\([^()]*\))*)[)\]]\s*$")
_SIGNS = re.compile(r"[/%°º²³^·]")


@lru_cache(64)
def unit_of(variable: str) -> str:
    """The canonical unit: the end of a variable's name."""
    return next(unit for unit in UNITS if variable.endswith(f"_{unit}"))


def split_unit(name: str) -> tuple[list[str], Unit | None]:
    """The folded words of a name without its unit, and the unit if it has one.

    What stands in brackets and is no unit, such as `(Máx)` or `(solo)`, is words of the name.
    """
    unit, words = None, list[str]()
    rest = name.strip(' ";')
    while found := _BRACKETS.search(rest):
        written, rest = found[1].strip(), rest[: found.start()]
        if not _is_unit(written):
            words += fold(written).split()
        elif unit is None:
            unit = Unit(written, fold(written))
    folded = fold(rest)
    if unit is None and "%" in rest:
        unit = Unit("%", "")
    if unit is None:
        for key in _AT_THE_END:
            if folded.endswith(f" {key}"):
                return folded.removesuffix(key).split() + words, Unit(key, key)
    return folded.split() + words, unit


def _is_unit(written: str) -> bool:
    key = fold(written)
    return key in _ALL or bool(_SIGNS.search(written)) or len(key) == 1


def conversion(variable: str, unit: Unit | None) -> Conversion | None:
    """What makes a column's values canonical; None when the unit is not known."""
    if unit is None:
        return _SAME
    return UNITS[unit_of(variable)].get(unit.key)
