"""/series: variables of a station over time."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from data_service.answers import PeriodAnswer, of_period
from data_service.asking import StationPeriod
from data_service.caching import CachedRoute
from data_service.problems import PROBLEMS, BadParameter
from data_service.steps import Step, chosen_step, stepped
from inmet_platform.inmet.schema import VARIABLE_NAMES

router = APIRouter(route_class=CachedRoute, responses=PROBLEMS)

# `{"at":"2024-01-01T00:00:00-03:00",` and of a value its quotes, colon, comma and digits.
_AT_BYTES, _VALUE_BYTES = 36, 12


class SeriesRow(BaseModel):
    """A step: `at`, and each variable that was asked for under its name."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, float | None] = Field(init=False)
    at: AwareDatetime = Field(description="end of an hour; beginning of a longer step")


class Series(PeriodAnswer[SeriesRow]):
    """What a station measured, step by step."""

    step: Step = Field(description="the one asked for, or chosen")


@router.get("/series")
def series(
    ask: StationPeriod,
    variables: Annotated[
        str,
        Query(
            max_length=400,
            description="names of columns, comma-separated",
            examples=["temperature_c,humidity_pct"],
        ),
    ],
    step: Step = "auto",
) -> Series:
    """Values over time: hours, or longer steps (mean; rain and radiation: sum; extremes: extreme).

    A step with fewer than half of its hours is null.
    """
    names = checked_variables(variables)
    row_bytes = _AT_BYTES + sum(len(name) + _VALUE_BYTES for name in names)
    chosen = chosen_step(ask, step, row_bytes)
    rows = [
        SeriesRow.model_construct(None, at=row["at"], **{name: row[name] for name in names})
        for row in stepped(ask, names, chosen)
    ]
    return Series(**of_period(ask, rows), step=chosen)


def checked_variables(text: str) -> list[str]:
    """The names of a comma-separated list, each once.

    Raises:
        BadParameter: one is no variable.
    """
    names = list(dict.fromkeys(name.strip() for name in text.split(",")))
    for name in names:
        if name not in VARIABLE_NAMES:
            raise BadParameter(
                f"variables: expected names of columns; found {name!r}.",
                remedy=f"They are {', '.join(VARIABLE_NAMES)}.",
            )
    return names
