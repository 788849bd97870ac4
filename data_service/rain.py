"""/rain: rain of a station, and how it accumulates."""

from __future__ import annotations

from itertools import accumulate

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, Field

from data_service.answers import PeriodAnswer, of_period
from data_service.asking import StationPeriod
from data_service.caching import CachedRoute
from data_service.problems import PROBLEMS
from data_service.steps import Step, chosen_step, stepped

router = APIRouter(route_class=CachedRoute, responses=PROBLEMS)

_ROW_BYTES = 92


class RainRow(BaseModel):
    """A step of rain."""

    at: AwareDatetime = Field(description="end of an hour; beginning of a longer step")
    precipitation_mm: float | None = Field(examples=[2.4])
    accumulated_mm: float | None = Field(
        description="of all known hours until here; null where none of the step is known"
    )


class Rain(PeriodAnswer[RainRow]):
    """Rain step by step."""

    step: Step = Field(description="the shortest that one answer can hold")
    missing_hours: int = Field(description="hours of the period without a value; they add nothing")


@router.get("/rain")
def rain(ask: StationPeriod, step: Step = "auto") -> Rain:
    """Rain of each step, and the sum since the beginning of the period."""
    chosen = chosen_step(ask, step, _ROW_BYTES)
    rows = stepped(ask, ["precipitation_mm"], chosen)
    sums = accumulate(row["precipitation_mm_known"] or 0.0 for row in rows)
    return Rain(
        **of_period(
            ask,
            [
                RainRow(
                    at=row["at"],
                    precipitation_mm=row["precipitation_mm"],
                    accumulated_mm=round(total, 1) if row["precipitation_mm_hours"] else None,
                )
                for row, total in zip(rows, sums, strict=True)
            ],
        ),
        step=chosen,
        missing_hours=sum(row["hours"] - row["precipitation_mm_hours"] for row in rows),
    )
