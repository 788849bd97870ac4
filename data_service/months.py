"""/climatology, /anomalies: what is usual of a station's months, and what was unusual.

A month counts for a variable when 80 % of its hours hold it. Days and months are local.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from data_service.answers import PeriodAnswer, of_period
from data_service.asking import Ask, WholeStation
from data_service.caching import CachedRoute
from data_service.problems import PROBLEMS

router = APIRouter(route_class=CachedRoute, responses=PROBLEMS)

COMPLETE = 0.8
# WMO's: a day of rain has at least a millimetre.
RAIN_DAY_MM = 1.0

_COLUMNS = (
    *("precipitation_mm", "temperature_c", "temperature_max_c", "temperature_min_c"),
    "humidity_pct",
)

_MONTHS = f""", days AS (
    SELECT
        began::DATE AS day,
        SUM(precipitation_mm) AS rain_mm, COUNT(precipitation_mm) AS rain_hours,
        CASE WHEN COUNT(temperature_max_c) >= 22 THEN MAX(temperature_max_c) END AS highest_c,
        CASE WHEN COUNT(temperature_min_c) >= 22 THEN MIN(temperature_min_c) END AS lowest_c,
        SUM(temperature_c) AS temperature_sum, COUNT(temperature_c) AS temperature_hours,
        SUM(humidity_pct) AS humidity_sum, COUNT(humidity_pct) AS humidity_hours
    FROM hours GROUP BY 1
), sums AS (
    SELECT
        DATE_TRUNC('month', day)::DATE AS month,
        {COMPLETE} * DAY(LAST_DAY(DATE_TRUNC('month', day)::DATE)) AS enough_days,
        SUM(rain_mm) AS rain_mm, SUM(rain_hours) AS rain_hours,
        COUNT(*) FILTER (WHERE rain_hours >= 22 AND rain_mm >= {RAIN_DAY_MM} - 1e-6) AS rain_days,
        AVG(highest_c) AS highest_c, COUNT(highest_c) AS highest_days,
        AVG(lowest_c) AS lowest_c, COUNT(lowest_c) AS lowest_days,
        SUM(temperature_sum) AS temperature_sum, SUM(temperature_hours) AS temperature_hours,
        SUM(humidity_sum) AS humidity_sum, SUM(humidity_hours) AS humidity_hours
    FROM days GROUP BY 1, 2
), months AS (
    SELECT
        month,
        CASE WHEN rain_hours >= 24 * enough_days THEN rain_mm END AS rain_mm,
        CASE WHEN rain_hours >= 24 * enough_days THEN rain_days END AS rain_days,
        CASE WHEN temperature_hours >= 24 * enough_days
            THEN temperature_sum / temperature_hours END AS temperature_c,
        CASE WHEN humidity_hours >= 24 * enough_days
            THEN humidity_sum / humidity_hours END AS humidity_pct,
        CASE WHEN highest_days >= enough_days THEN highest_c END AS highest_c,
        CASE WHEN lowest_days >= enough_days THEN lowest_c END AS lowest_c
    FROM sums
)"""  # noqa: S608 - numbers of our own

_CLIMATOLOGY = """
    SELECT
        numbers.month AS month,
        ROUND(AVG(rain_mm), 1) AS rain_mm,
        ROUND(AVG(rain_days), 1) AS rain_days,
        ROUND(AVG(temperature_c), 2) AS temperature_mean_c,
        ROUND(AVG(highest_c), 2) AS temperature_max_c,
        ROUND(AVG(lowest_c), 2) AS temperature_min_c,
        ROUND(AVG(humidity_pct), 1) AS humidity_mean_pct,
        COUNT(rain_mm) AS years
    FROM RANGE(1, 13) AS numbers (month)
    LEFT JOIN months ON numbers.month = MONTH(months.month)
    GROUP BY 1 ORDER BY 1
"""

_ANOMALIES = """, usual AS (
    SELECT
        MONTH(month) AS number, AVG(rain_mm) AS usual_mm, AVG(temperature_c) AS usual_c
    FROM months GROUP BY 1
)
    SELECT
        STRFTIME(month, '%Y-%m') AS month,
        ROUND(rain_mm, 1) AS rain_mm,
        ROUND(100 * (rain_mm / NULLIF(usual_mm, 0) - 1), 1) AS rain_anomaly_pct,
        ROUND(temperature_c, 2) AS temperature_c,
        ROUND(temperature_c - usual_c, 2) AS temperature_anomaly_c
    FROM months INNER JOIN usual ON MONTH(months.month) = usual.number
    ORDER BY months.month
"""


class ClimatologyRow(BaseModel):
    """A month of the year, averaged over the years."""

    month: int = Field(ge=1, le=12)
    rain_mm: float | None = Field(description="mean sum of the months that are complete to 80 %")
    rain_days: float | None = Field(description="mean number of days of 1 mm or more")
    temperature_mean_c: float | None
    temperature_max_c: float | None = Field(description="mean of the days' highest")
    temperature_min_c: float | None = Field(description="mean of the days' lowest")
    humidity_mean_pct: float | None
    years: int = Field(description="years whose month counts for rain")


class AnomalyRow(BaseModel):
    """A month beside the mean of the station's same months."""

    month: str = Field(examples=["2024-01"])
    rain_mm: float | None
    rain_anomaly_pct: float | None
    temperature_c: float | None
    temperature_anomaly_c: float | None


@router.get("/climatology")
def climatology(ask: WholeStation) -> PeriodAnswer[ClimatologyRow]:
    """The year as it usually is, of all hours of the station."""
    rows = [ClimatologyRow(**row) for row in _ask(ask, _CLIMATOLOGY)]
    return PeriodAnswer[ClimatologyRow](**of_period(ask, rows))


@router.get("/anomalies")
def anomalies(ask: WholeStation) -> PeriodAnswer[AnomalyRow]:
    """Every month with hours, against the station's own mean of that month of the year."""
    rows = [AnomalyRow(**row) for row in _ask(ask, _ANOMALIES)]
    return PeriodAnswer[AnomalyRow](**of_period(ask, rows))


def _ask(ask: Ask, sql: str) -> list[dict[str, Any]]:
    return ask.query(_COLUMNS, _MONTHS + sql)
