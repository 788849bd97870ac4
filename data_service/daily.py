"""/daily: INMET's daily values, as CLEAN.DAILY makes them."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from data_service.answers import PeriodAnswer, check_rows, of_period
from data_service.asking import Ask, StationPeriod, days_of
from data_service.caching import CachedRoute
from data_service.problems import PROBLEMS

router = APIRouter(route_class=CachedRoute, responses=PROBLEMS)

COLUMNS = (
    *("precipitation_mm", "temperature_c", "temperature_max_c", "temperature_min_c"),
    *("humidity_pct", "wind_gust_ms"),
)

# Rain of day D: the labels 13 UTC of D-1 to 12 UTC of D. All else: 01 UTC of D to 00 UTC of D+1.
# 22 of 24 hours, humidity 12; a half is rounded up, from sums of thousandths, which are exact.
DAILY = """, rain AS (
    SELECT
        (observed_at + INTERVAL 11 HOUR)::DATE AS day,
        CASE WHEN COUNT(precipitation_mm) >= 22
            THEN ROUND(SUM(precipitation_mm), 1) END AS precipitation_mm
    FROM hours GROUP BY 1
), others AS (
    SELECT
        (observed_at - INTERVAL 1 HOUR)::DATE AS day,
        COUNT(*) AS hours,
        CASE WHEN COUNT(temperature_c) >= 22
            THEN ROUND(AVG(ROUND(temperature_c * 1000)) / 100) / 10 END AS temperature_mean_c,
        CASE WHEN COUNT(temperature_max_c) >= 22
            THEN MAX(temperature_max_c) END AS temperature_max_c,
        CASE WHEN COUNT(temperature_min_c) >= 22
            THEN MIN(temperature_min_c) END AS temperature_min_c,
        CASE WHEN COUNT(humidity_pct) >= 12
            THEN ROUND(AVG(ROUND(humidity_pct * 1000)) / 100) / 10 END AS humidity_mean_pct,
        CASE WHEN COUNT(wind_gust_ms) >= 22 THEN MAX(wind_gust_ms) END AS wind_gust_max_ms
    FROM hours GROUP BY 1
), daily AS (
    SELECT
        days.day::DATE AS day,
        rain.precipitation_mm,
        others.* EXCLUDE (day, hours),
        COALESCE(others.hours, 0) AS hours
    FROM RANGE($first_day, $last_day + INTERVAL 1 DAY, INTERVAL 1 DAY) AS days (day)
    LEFT JOIN rain ON days.day::DATE = rain.day
    LEFT JOIN others ON days.day::DATE = others.day
)"""

_ROW_BYTES = 190


class DailyRow(BaseModel):
    """A day by INMET's windows; null where too few of its hours are there."""

    day: date
    precipitation_mm: float | None = Field(description="13 UTC of the day before to 12 UTC")
    temperature_mean_c: float | None
    temperature_max_c: float | None
    temperature_min_c: float | None
    humidity_mean_pct: float | None
    wind_gust_max_ms: float | None
    hours: int = Field(description="of 01 to 00 UTC, in which the station measured anything")


@router.get("/daily")
def daily(ask: StationPeriod) -> PeriodAnswer[DailyRow]:
    """Daily values INMET's way, whatever `tz` is; a row a day."""
    days = (ask.period.last_day - ask.period.first_day).days + 1
    check_rows(days, _ROW_BYTES, "Ask for fewer days, or /series with step=month.")
    rows = query_daily(ask, " SELECT * FROM daily ORDER BY day")
    return PeriodAnswer[DailyRow](**of_period(ask, [DailyRow(**row) for row in rows]))


def query_daily(ask: Ask, sql: str, **values: Any) -> list[dict[str, Any]]:
    """Ask the period's days: `sql` goes on after the table `daily`, a row a day without gaps."""
    return ask.between(*days_of(ask.period)).query(
        COLUMNS,
        DAILY + sql,
        first_day=ask.period.first_day,
        last_day=ask.period.last_day,
        **values,
    )
