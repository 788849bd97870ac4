"""/percentiles: a year within the range of all years."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from data_service.answers import PeriodAnswer, of_period
from data_service.asking import WholeStation
from data_service.caching import CachedRoute
from data_service.problems import PROBLEMS
from data_service.variables import Scalar, present_of, whole_of

router = APIRouter(route_class=CachedRoute, responses=PROBLEMS)

AROUND_DAYS = 7


class PercentileRow(BaseModel):
    """A day of the year: the range of the other years around it, and its own value."""

    day_of_year: int = Field(ge=1, le=366, description="of a leap year: 1 March is 61 in every one")
    day: date
    p10: float | None
    p25: float | None
    p50: float | None
    p75: float | None
    p90: float | None
    value: float | None = Field(description="of the day in `year`")


class Percentiles(PeriodAnswer[PercentileRow]):
    """The days of one year."""

    year: int


@router.get("/percentiles")
def percentiles(
    ask: WholeStation,
    variable: Scalar,
    year: Annotated[
        int | None, Query(ge=1900, le=2100, description="the station's newest without it")
    ] = None,
) -> Percentiles:
    """Percentiles of the daily values within 15 days around each day, over all other years.

    A local day's value is its mean (rain and radiation: sum; extremes: extreme); of fewer than half
    of its hours there is none.
    """
    chosen = year or ask.period.until.year
    half = "12" if variable != "radiation_kj_m2" else "5"
    points = ", ".join(
        f"ROUND(QUANTILE_CONT(value, 0.{number}), 2) AS p{number}"
        for number in (10, 25, 50, 75, 90)
    )
    sql = f""", daily AS (
        SELECT began::DATE AS day, {whole_of(variable)} AS value,
            DAYOFYEAR(MAKE_DATE(2000, MONTH(began), DAY(began))) AS number
        FROM hours GROUP BY ALL HAVING {present_of(variable)} >= {half}
    ), points AS (
        SELECT (number - 1 + around + 366) % 366 + 1 AS number, {points}
        FROM daily CROSS JOIN RANGE(-{AROUND_DAYS}, {AROUND_DAYS + 1}) AS window_days (around)
        WHERE YEAR(day) <> $year GROUP BY 1
    ), days AS (
        SELECT day::DATE AS day, DAYOFYEAR(MAKE_DATE(2000, MONTH(day), DAY(day))) AS number
        FROM RANGE(MAKE_DATE($year, 1, 1), MAKE_DATE($year + 1, 1, 1), INTERVAL 1 DAY) AS it (day)
    )
    SELECT days.number AS day_of_year, days.day, p10, p25, p50, p75, p90, daily.value
    FROM days LEFT JOIN points USING (number) LEFT JOIN daily ON days.day = daily.day
    ORDER BY days.day"""  # noqa: S608 - one of the 17 names
    rows = [PercentileRow(**row) for row in ask.query([variable], sql, year=chosen)]
    return Percentiles(**of_period(ask, rows), year=chosen)
