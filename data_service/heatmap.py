"""/heatmap: a variable by month and hour of day."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from data_service.answers import PeriodAnswer, of_period
from data_service.asking import StationPeriod
from data_service.caching import CachedRoute
from data_service.problems import PROBLEMS
from data_service.variables import Variable, mean_of

router = APIRouter(route_class=CachedRoute, responses=PROBLEMS)


class HeatmapRow(BaseModel):
    """A month of the year and an hour of the day, local, in which the hours begin."""

    month: int = Field(ge=1, le=12)
    hour: int = Field(ge=0, le=23)
    mean: float | None
    hours: int = Field(description="with a value")


@router.get("/heatmap")
def heatmap(ask: StationPeriod, variable: Variable) -> PeriodAnswer[HeatmapRow]:
    """The mean of every month and hour of day: 288 rows, null where the period has nothing."""
    sql = f""", found AS (
        SELECT MONTH(began) AS month, HOUR(began) AS hour,
            {mean_of(variable)} AS mean, COUNT({variable}) AS hours
        FROM hours GROUP BY 1, 2
    )
    SELECT months.month, clock.hour, mean, COALESCE(hours, 0) AS hours
    FROM RANGE(1, 13) AS months (month) CROSS JOIN RANGE(0, 24) AS clock (hour)
    LEFT JOIN found ON months.month = found.month AND clock.hour = found.hour
    ORDER BY 1, 2"""  # noqa: S608 - one of the 17 names
    rows = [HeatmapRow(**row) for row in ask.query([variable], sql)]
    return PeriodAnswer[HeatmapRow](**of_period(ask, rows))
