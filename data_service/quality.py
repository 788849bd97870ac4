"""/quality: which rules of quality control fired, on what and how often."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from data_service.answers import PeriodAnswer, of_period
from data_service.asking import StationPeriod
from data_service.caching import CachedRoute
from data_service.problems import PROBLEMS
from data_service.quality_words import MEANINGS
from inmet_platform.inmet.quality.rules import RULES
from inmet_platform.inmet.schema import FLAG_NAMES

router = APIRouter(route_class=CachedRoute, responses=PROBLEMS)

# A rule's bit is its place; its flag is 4 when it fails a value, 3 when it suspects one.
_TESTS = [
    (rule.name, variable, 1 << bit, 4 if rule.verdict == "fail" else 3)
    for bit, rule in enumerate(RULES)
    for variable in rule.conditions
]
_COUNTS = ", ".join(
    f"COUNT(*) FILTER (WHERE qc_tests & {mask} <> 0 AND {FLAG_NAMES[variable]} = {flag})"
    for _, variable, mask, flag in _TESTS
)


class QualityRow(BaseModel):
    """A rule and a variable on which it fired."""

    test: str = Field(description="as in docs/quality.md", examples=["temperature_step"])
    meaning: str = Field(description="in Portuguese")
    variable: str = Field(examples=["temperature_c"])
    suspect_hours: int = Field(description="kept as published")
    failed_hours: int = Field(description="null in the clean data")


@router.get("/quality")
def quality(ask: StationPeriod) -> PeriodAnswer[QualityRow]:
    """Rules that fired in the period.

    The data say which rules fired in an hour and which variables are flagged; where two rules
    of the same verdict flag one variable in one hour, both count it.
    """
    [found] = ask.query(
        ["qc_tests", *FLAG_NAMES.values()],
        f" SELECT [{_COUNTS}] AS counts FROM hours",  # noqa: S608 - names of our own
    )
    rows = []
    for (name, variable, _, flag), hours in zip(_TESTS, found["counts"], strict=True):
        suspect, failed = (hours, 0) if flag == 3 else (0, hours)
        if hours:
            rows.append(
                QualityRow(
                    test=name,
                    meaning=MEANINGS[name],
                    variable=variable,
                    suspect_hours=suspect,
                    failed_hours=failed,
                )
            )
    return PeriodAnswer[QualityRow](**of_period(ask, rows))
