"""`docs/quality.md`, generated from the table of rules."""

from __future__ import annotations

from docs.source.quality_counts import COUNTS_OF_2024, HOURS_OF_2024, NOTES_OF_2024
from inmet_platform.inmet.quality.flags import (
    BITS,
    FAIL,
    GOOD,
    MISSING,
    NOT_EVALUATED,
    PUBLISHED_MASK,
    SUSPECT,
)
from inmet_platform.inmet.quality.rules import RULES, Rule
from inmet_platform.inmet.schema import FLAG_NAMES, VARIABLES

_CODES = (
    (GOOD, "GOOD", "no rule fired; the value is as published"),
    (NOT_EVALUATED, "NOT_EVALUATED", "not used: every value is evaluated"),
    (SUSPECT, "SUSPECT", "a suspect rule fired; the value is kept as published"),
    (FAIL, "FAIL", "a fail rule fired; the value is null here, and as published in RAW"),
    (MISSING, "MISSING", "INMET published no value"),
)


def quality_page() -> str:
    """`docs/quality.md`, whole."""
    return "\n\n".join([_INTRODUCTION, _codes(), _mask(), _rules(), _series(), _counts()]) + "\n"


_INTRODUCTION = """\
# Quality control

<!-- Generated: `python -m docs.source`. Edit the rules, not this file. -->

RAW holds every value as INMET published it. CLEAN holds the values that no rule fails; beside each
stands its flag (QARTOD's codes), and `qc_tests` has one bit a rule, set when the rule fired on any
variable of the hour. Rules and limits: `inmet_platform/inmet/quality/rules.py`."""


def _codes() -> str:
    rows = [[str(code), name, meaning] for code, name, meaning in _CODES]
    flags = [[f"`{v.name}`", v.unit, v.description, f"`{FLAG_NAMES[v.name]}`"] for v in VARIABLES]
    return "\n\n".join(
        [
            "## Codes",
            _table(["code", "name", "what it says"], rows),
            _table(["variable", "unit", "what it is", "its flag"], flags),
            "As attributes of CF, the same for every flag:",
            _attributes(
                flag_values=", ".join(f"{code}b" for code, _, _ in _CODES),
                flag_meanings=" ".join(name for _, name, _ in _CODES),
            ),
        ]
    )


def _mask() -> str:
    return "\n\n".join(
        [
            "## The mask of the rules",
            "A rule keeps its bit for ever; a new one is appended. To select by a rule: "
            f"`BITAND(qc_tests, {BITS['radiation_range']}) > 0` finds the hours of "
            "`radiation_range`.",
            _attributes(
                flag_masks=", ".join(f"{bit}ll" for bit in BITS.values()),
                flag_meanings=" ".join(BITS),
            ),
        ]
    )


def _rules() -> str:
    rows = [
        [str(number), f"`{rule.name}`", rule.verdict, _variables(rule), rule.meaning, rule.source]
        for number, rule in enumerate(RULES)
    ]
    heads = ["bit", "name", "verdict", "variables", "fires on", "source"]
    return f"## Rules\n\n{_table(heads, rows)}"


def _series() -> str:
    names = [rule.name for rule in RULES if rule.stage == "published"]
    return f"""\
## In which order

The first {len(names)} rules, to `{names[-1]}` (mask {PUBLISHED_MASK}), look at an hour
as published, when it is merged. The others look at the values that passed, with the hours before
and after, the station's year and the UTC day; they are judged anew whenever an edition changes any
hour of the station's year, so a corrected value clears the flags that its error had put on its
neighbours. The order of the files does not matter, at the turn of a year neither.
"Consecutive" hours have no gap between them. An hour that is missing counts as dry, and a step is
seen only from the hour before: of a spike both sides are flagged."""


def _counts() -> str:
    rows = [
        [f"`{rule.name}`", rule.verdict, f"{count[0]:,}", str(count[1]), count[2]]
        for rule in RULES
        if (count := COUNTS_OF_2024.get(rule.name))
    ]
    silent = [f"`{rule.name}`" for rule in RULES if rule.name not in COUNTS_OF_2024]
    parts = [
        "## The network's year 2024",
        HOURS_OF_2024,
        _table(["rule", "verdict", "hours", "stations", "by eye"], rows),
    ]
    if silent:
        parts.append(f"Fired on nothing: {', '.join(silent)}.")
    return "\n\n".join([*parts, NOTES_OF_2024])


def _variables(rule: Rule) -> str:
    return ", ".join(f"`{name}`" for name in rule.conditions)


def _attributes(**values: str) -> str:
    lines = "\n".join(f"{name} = {text}" for name, text in values.items())
    return f"```\n{lines}\n```"


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
