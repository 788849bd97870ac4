"""The measured variables in questions: which there are, and how each is brought to longer times."""

from __future__ import annotations

from enum import StrEnum

from inmet_platform.inmet.schema import VARIABLE_NAMES

# mypy reads members from literals only.
Variable = StrEnum("Variable", {name: name for name in VARIABLE_NAMES})  # type: ignore[misc]

# What is no angle: of a direction there is no order, and so no percentile.
Scalar = StrEnum(  # type: ignore[misc]
    "Scalar", {name: name for name in VARIABLE_NAMES if name != "wind_direction_deg"}
)

_DAYLIGHT = "EXTRACT(HOUR FROM observed_at) BETWEEN 12 AND 20"


def mean_of(name: str) -> str:
    """SQL of the mean; of a direction that of unit vectors."""
    if name != "wind_direction_deg":
        return f"ROUND(AVG({name}), 2)"
    east, north = f"AVG(SIN(RADIANS({name})))", f"AVG(COS(RADIANS({name})))"
    return f"ROUND(ROUND(DEGREES(ATAN2({east}, {north})) + 360, 1) % 360, 1)"


def whole_of(name: str) -> str:
    """SQL of a longer time's value: a sum, a highest, a lowest or a mean."""
    if name in {"precipitation_mm", "radiation_kj_m2"}:
        return f"ROUND(SUM({name}), 1)"
    if name == "wind_gust_ms" or "_max_" in name:
        return f"MAX({name})"
    return f"MIN({name})" if "_min_" in name else mean_of(name)


def expected_of(name: str) -> str:
    """SQL of the hours in which a value should be there: of radiation 12 to 20 UTC.

    That is day in all of Brazil, all year; at night INMET publishes none.
    """
    return f"COUNT(*) FILTER (WHERE {_DAYLIGHT})" if name == "radiation_kj_m2" else "COUNT(*)"


def present_of(name: str) -> str:
    """SQL of those of them in which it is."""
    where = f" FILTER (WHERE {_DAYLIGHT})" if name == "radiation_kj_m2" else ""
    return f"COUNT({name}){where}"
