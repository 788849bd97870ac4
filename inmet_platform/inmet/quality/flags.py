"""Codes and bit mask of the rules, and the fragments of SQL that the warehouse executes.

QARTOD's codes, one a variable: 1 good, 2 not evaluated, 3 suspect, 4 fail, 9 missing. `qc_tests`
is one bit a rule, set when the rule fired on any variable of the row.
"""

from __future__ import annotations

from functools import cache

from inmet_platform.inmet.quality.rules import (
    CALM_H,
    PERSISTENCE_H,
    RULES,
    STEPS,
    Rule,
    Stage,
    Verdict,
)
from inmet_platform.inmet.quality.sun import DAY_COLUMNS, EXTRATERRESTRIAL, STATION_COLUMNS
from inmet_platform.inmet.schema import FLAG_NAMES, VARIABLE_NAMES

GOOD, NOT_EVALUATED, SUSPECT, FAIL, MISSING = 1, 2, 3, 4, 9

BITS = {rule.name: 1 << number for number, rule in enumerate(RULES)}
# Bits that the MERGE sets; those of the series rules are set anew whenever neighbours change.
PUBLISHED_MASK = sum(BITS[rule.name] for rule in RULES if rule.stage == "published")

_WINDOW = "OVER (PARTITION BY station_id ORDER BY observed_at)"


@cache
def sql_fragments() -> dict[str, str]:
    """What the statements of `sql/clean/` write as `${qc_…}`."""
    return {
        "qc_sun_of_day": _columns(DAY_COLUMNS),
        "qc_sun_of_station": _columns(STATION_COLUMNS),
        "qc_extraterrestrial": f"IFF(batch.latitude_sine IS NULL, NULL, {EXTRATERRESTRIAL})",
        "qc_checked_values": _columns(_checked_values()),
        "qc_published_flags": _columns(_published_flags()),
        "qc_published_tests": _tests("published"),
        "qc_previous_hours": _columns(_previous_hours()),
        "qc_series_columns": _columns(_series_columns()),
        "qc_series_flags": _columns(_series_flags()),
        # The parentheses are for the embedded cloud, whose & binds less than its +.
        "qc_series_tests": f"(BITAND(qc_tests_before, {PUBLISHED_MASK})) + {_tests('series')}",
        "qc_flags_before": _columns(
            {
                f"{flag}_before": f"observations.{flag}"
                for flag in [*FLAG_NAMES.values(), "qc_tests"]
            }
        ),
        "qc_flags_kept": ", ".join(f"{flag}_before" for flag in [*FLAG_NAMES.values(), "qc_tests"]),
        "qc_night_bit": str(BITS["radiation_at_night"]),
        "qc_flags_differ": " OR ".join(
            f"{flag} <> {flag}_before" for flag in [*FLAG_NAMES.values(), "qc_tests"]
        ),
        "qc_values": ", ".join(VARIABLE_NAMES),
        "qc_flags": ", ".join(FLAG_NAMES.values()),
        "qc_set_values": _assignments([*VARIABLE_NAMES]),
        "qc_set_flags": _assignments([*FLAG_NAMES.values()]),
        "qc_source_values": ", ".join(f"source.{name}" for name in VARIABLE_NAMES),
        "qc_source_flags": ", ".join(f"source.{flag}" for flag in FLAG_NAMES.values()),
        "qc_row_values": ", ".join(f"observations.{name}" for name in VARIABLE_NAMES),
        "qc_any_value": f"COALESCE({', '.join(VARIABLE_NAMES)})",
    }


def _columns(columns: dict[str, str]) -> str:
    return ",\n".join(f"{expression} AS {name}" for name, expression in columns.items())


def _assignments(names: list[str]) -> str:
    return ", ".join(f"target.{name} = source.{name}" for name in names)


def _conditions(variable: str, verdict: Verdict, stage: Stage) -> list[str]:
    return [
        f"({rule.conditions[variable]})"
        for rule in RULES
        if rule.verdict == verdict and rule.stage == stage and variable in rule.conditions
    ]


def _checked_values() -> dict[str, str]:
    return {
        name: f"CASE WHEN {' OR '.join(_conditions(name, 'fail', 'published'))}"
        f" THEN NULL ELSE {name} END"
        for name in VARIABLE_NAMES
    }


def _published_flags() -> dict[str, str]:
    flags = {}
    for name, flag in FLAG_NAMES.items():
        fails = " OR ".join(_conditions(name, "fail", "published"))
        suspects = " OR ".join(_conditions(name, "suspect", "published"))
        suspect = f" WHEN {suspects} THEN {SUSPECT}" if suspects else ""
        flags[flag] = (
            f"CASE WHEN {name} IS NULL THEN {MISSING} WHEN {fails} THEN {FAIL}{suspect}"
            f" ELSE {GOOD} END"
        )
    return flags


def _series_flags() -> dict[str, str]:
    flags = {}
    for name, flag in FLAG_NAMES.items():
        suspects = _conditions(name, "suspect", "series") + [
            f"BITAND(qc_tests_before, {BITS[rule.name]}) > 0"
            for rule in RULES
            if rule.stage == "published" and rule.verdict == "suspect" and name in rule.conditions
        ]
        suspect = f" WHEN {' OR '.join(suspects)} THEN {SUSPECT}" if suspects else ""
        flags[flag] = f"CASE WHEN {name} IS NULL THEN {flag}_before{suspect} ELSE {GOOD} END"
    return flags


def _tests(stage: Stage) -> str:
    return " + ".join(
        f"IFF({_any_condition(rule)}, {BITS[rule.name]}, 0)"
        for rule in RULES
        if rule.stage == stage
    )


def _any_condition(rule: Rule) -> str:
    # Several variables often share one condition.
    return " OR ".join(f"({condition})" for condition in dict.fromkeys(rule.conditions.values()))


def _previous_hours() -> dict[str, str]:
    """LAG by rows; whether a row is the hour it seems to be is told by `hour_<n>`."""
    columns = {
        f"hour_{hours}": f"LAG(hour_number, {hours}) {_WINDOW}"
        for hours in sorted({1, CALM_H - 1, *(hours - 1 for hours in PERSISTENCE_H.values())})
    }
    for name, hours in PERSISTENCE_H.items():
        columns |= {
            f"{name}_row_{back}": f"LAG({name}, {back}) {_WINDOW}" for back in range(1, hours)
        }
    rows = f"ROWS BETWEEN {CALM_H - 1} PRECEDING AND CURRENT ROW"
    columns["strongest_wind_ms"] = (
        f"MAX(COALESCE(wind_speed_ms, 1)) {_WINDOW.removesuffix(')')} {rows})"
    )
    columns["rain_next_row"] = f"LEAD(precipitation_mm) {_WINDOW}"
    columns["hour_next"] = f"LEAD(hour_number) {_WINDOW}"
    return columns


def _series_columns() -> dict[str, str]:
    columns = {f"{name}_1": f"IFF(hour_1 = hour_number - 1, {name}_row_1, NULL)" for name in STEPS}
    for name, hours in PERSISTENCE_H.items():
        equal = " AND ".join(f"{name} = {name}_row_{back}" for back in range(1, hours))
        columns[f"unchanged_{name}"] = f"(hour_{hours - 1} = hour_number - {hours - 1} AND {equal})"
    columns["calm_wind_speed_ms"] = (
        f"(hour_{CALM_H - 1} = hour_number - {CALM_H - 1} AND strongest_wind_ms = 0)"
    )
    before = "IFF(hour_1 = hour_number - 1, precipitation_mm_row_1, 0)"
    after = "IFF(hour_next = hour_number + 1, rain_next_row, 0)"
    columns["rain_before"] = f"COALESCE({before}, 0)"
    columns["rain_now"] = "COALESCE(precipitation_mm, 0)"
    columns["rain_after"] = f"COALESCE({after}, 0)"
    return columns
