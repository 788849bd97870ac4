"""The flag codes and the bit mask of the rules, and the SQL fragments made from the rules.

Each variable has a flag with QARTOD's codes: 1 good, 2 not evaluated, 3 suspect, 4 fail, 9 missing.
`qc_tests` has one bit for each rule, set when the rule fired on any variable of the row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from functools import cache

from inmet_platform.inmet.quality.rules import CALM_H, PERSISTENCE_H, RULES, STEPS, Stage, Verdict
from inmet_platform.inmet.quality.sun import DAY_COLUMNS, EXTRATERRESTRIAL, STATION_COLUMNS
from inmet_platform.inmet.schema import FLAG_NAMES, VARIABLE_NAMES

GOOD, NOT_EVALUATED, SUSPECT, FAIL, MISSING = 1, 2, 3, 4, 9

BITS = {rule.name: 1 << number for number, rule in enumerate(RULES)}
# The bits that the MERGE sets; the bits of series rules are set again when a neighbour changes.
PUBLISHED_MASK = sum(BITS[rule.name] for rule in RULES if rule.stage == "published")

_WINDOW = "OVER (PARTITION BY station_id ORDER BY observed_at)"


@cache
def sql_fragments() -> dict[str, str]:
    """The SQL that replaces each `${qc_…}` in the statements of `sql/clean/`."""
    values, flags = VARIABLE_NAMES, tuple(FLAG_NAMES.values())
    flags_and_tests = (*flags, "qc_tests")
    return {
        "qc_sun_of_day": _columns(DAY_COLUMNS),
        "qc_sun_of_station": _columns(STATION_COLUMNS),
        "qc_extraterrestrial": f"IFF(batch.latitude_sine IS NULL, NULL, {EXTRATERRESTRIAL})",
        "qc_extraterrestrial_of_mixed": "IFF(observations.latitude_sine IS NULL, NULL, "
        f"{EXTRATERRESTRIAL.replace('batch.', 'observations.')})",
        "qc_checked_values": _columns(_checked_values()),
        "qc_published_flags": _columns(_published_flags()),
        "qc_published_tests": _tests("published"),
        "qc_previous_hours": _columns(_previous_hours()),
        "qc_series_columns": _columns(_series_columns()),
        "qc_series_flags": _columns(_series_flags()),
        # The parentheses are for the embedded cloud, where & binds less tightly than +.
        "qc_series_tests": f"(BITAND(qc_tests_before, {PUBLISHED_MASK})) + {_tests('series')}",
        "qc_flags_before": _columns(
            {f"{it}_before": f"observations.{it}" for it in flags_and_tests}
        ),
        "qc_flags_kept": _listed("{0}_before", flags_and_tests),
        "qc_night_bit": str(BITS["radiation_at_night"]),
        "qc_flags_differ": " OR ".join(f"{it} <> {it}_before" for it in flags_and_tests),
        "qc_verdicts_differ": _verdicts_differ(),
        "qc_values": _listed("{0}", values),
        "qc_flags": _listed("{0}", flags),
        "qc_set_values": _listed("target.{0} = source.{0}", values),
        "qc_set_flags": _listed("target.{0} = source.{0}", flags),
        "qc_source_values": _listed("source.{0}", values),
        "qc_source_flags": _listed("source.{0}", flags),
        "qc_row_values": _listed("observations.{0}", values),
        "qc_any_value": f"COALESCE({_listed('{0}', values)})",
    }


@cache
def rules_digest() -> str:
    """Names the rules of today: another digest means that some hour may be judged differently."""
    return hashlib.sha256(repr(sorted(sql_fragments().items())).encode()).hexdigest()[:16]


def _verdicts_differ() -> str:
    """Whether `source`, judged as published, is not what `target` holds of the same edition.

    The flags of values that are there are left out: the rules on series write them anew anyway.
    """
    differing = [f"BITAND(target.qc_tests, {PUBLISHED_MASK}) <> source.qc_tests"]
    for name, flag in FLAG_NAMES.items():
        differing += [
            f"source.{name} IS DISTINCT FROM target.{name}",
            f"(source.{name} IS NULL AND source.{flag} <> target.{flag})",
        ]
    return " OR ".join(differing)


def _columns(columns: dict[str, str]) -> str:
    return ",\n".join(f"{expression} AS {name}" for name, expression in columns.items())


def _listed(form: str, names: Iterable[str]) -> str:
    return ", ".join(form.format(name) for name in names)


def _conditions(variable: str, verdict: Verdict, stage: Stage) -> dict[str, str]:
    """The condition of each rule that looks at a variable."""
    return {
        rule.name: f"({rule.conditions[variable]})"
        for rule in RULES
        if (rule.verdict, rule.stage) == (verdict, stage) and variable in rule.conditions
    }


def _fails(variable: str) -> str:
    return " OR ".join(_conditions(variable, "fail", "published").values())


def _suspect(conditions: Collection[str]) -> str:
    return f" WHEN {' OR '.join(conditions)} THEN {SUSPECT}" if conditions else ""


def _checked_values() -> dict[str, str]:
    return {name: f"CASE WHEN {_fails(name)} THEN NULL ELSE {name} END" for name in VARIABLE_NAMES}


def _published_flags() -> dict[str, str]:
    return {
        flag: f"CASE WHEN {name} IS NULL THEN {MISSING} WHEN {_fails(name)} THEN {FAIL}"
        f"{_suspect(_conditions(name, 'suspect', 'published').values())} ELSE {GOOD} END"
        for name, flag in FLAG_NAMES.items()
    }


def _series_flags() -> dict[str, str]:
    flags = {}
    for name, flag in FLAG_NAMES.items():
        before = _conditions(name, "suspect", "published")
        suspects = [*_conditions(name, "suspect", "series").values()]
        suspects += [f"BITAND(qc_tests_before, {BITS[rule]}) > 0" for rule in before]
        flags[flag] = (
            f"CASE WHEN {name} IS NULL THEN {flag}_before{_suspect(suspects)} ELSE {GOOD} END"
        )
    return flags


def _tests(stage: Stage) -> str:
    # Several variables often share one condition.
    conditions = {
        rule.name: " OR ".join(f"({it})" for it in dict.fromkeys(rule.conditions.values()))
        for rule in RULES
        if rule.stage == stage
    }
    return " + ".join(f"IFF({any_of}, {BITS[name]}, 0)" for name, any_of in conditions.items())


def _previous_hours() -> dict[str, str]:
    """The rows before and after; `hour_<n>` says which hour the n-th row before really is."""
    lags = sorted({1, CALM_H - 1, *(hours - 1 for hours in PERSISTENCE_H.values())})
    columns = {f"hour_{lag}": f"LAG(hour_number, {lag}) {_WINDOW}" for lag in lags}
    for name, hours in PERSISTENCE_H.items():
        columns |= {f"{name}_row_{lag}": f"LAG({name}, {lag}) {_WINDOW}" for lag in range(1, hours)}
    rows = f"ROWS BETWEEN {CALM_H - 1} PRECEDING AND CURRENT ROW"
    return columns | {
        "strongest_wind_ms": f"MAX(COALESCE(wind_speed_ms, 1)) {_WINDOW.removesuffix(')')} {rows})",
        "rain_next_row": f"LEAD(precipitation_mm) {_WINDOW}",
        "hour_next": f"LEAD(hour_number) {_WINDOW}",
    }


def _series_columns() -> dict[str, str]:
    columns = {f"{name}_1": f"IFF(hour_1 = hour_number - 1, {name}_row_1, NULL)" for name in STEPS}
    for name, hours in PERSISTENCE_H.items():
        equal = " AND ".join(f"{name} = {name}_row_{back}" for back in range(1, hours))
        columns[f"unchanged_{name}"] = f"(hour_{hours - 1} = hour_number - {hours - 1} AND {equal})"
    lag = CALM_H - 1
    return columns | {
        "calm_wind_speed_ms": f"(hour_{lag} = hour_number - {lag} AND strongest_wind_ms = 0)",
        "rain_before": "COALESCE(IFF(hour_1 = hour_number - 1, precipitation_mm_row_1, 0), 0)",
        "rain_now": "COALESCE(precipitation_mm, 0)",
        "rain_after": "COALESCE(IFF(hour_next = hour_number + 1, rain_next_row, 0), 0)",
    }
