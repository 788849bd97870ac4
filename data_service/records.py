"""/records: the highest and lowest that a station ever measured."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, Field

from data_service.answers import PeriodAnswer, of_period
from data_service.asking import Ask, WholeStation
from data_service.caching import CachedRoute
from data_service.daily import query_daily
from data_service.period import in_zone
from data_service.problems import PROBLEMS

router = APIRouter(route_class=CachedRoute, responses=PROBLEMS)

# What -> column, whether the highest, label, unit.
HOURLY = {
    "temperature_max": ("temperature_max_c", True, "Maior temperatura", "°C"),
    "temperature_min": ("temperature_min_c", False, "Menor temperatura", "°C"),
    "rain_hour": ("precipitation_mm", True, "Maior chuva em uma hora", "mm"),
    "wind_gust": ("wind_gust_ms", True, "Maior rajada de vento", "m/s"),
    "humidity_min": ("humidity_min_pct", False, "Menor umidade relativa", "%"),
    "pressure_max": ("pressure_max_hpa", True, "Maior pressão", "hPa"),
    "pressure_min": ("pressure_min_hpa", False, "Menor pressão", "hPa"),
    "radiation": ("radiation_kj_m2", True, "Maior radiação em uma hora", "kJ/m²"),
}


class RecordRow(BaseModel):
    """A record; of equal ones the first."""

    what: str = Field(examples=["temperature_max"])
    label: str = Field(examples=["Maior temperatura"])
    value: float | None
    unit: str = Field(examples=["°C"])
    at: AwareDatetime | date | None = Field(description="the hour's end, or INMET's day")


@router.get("/records")
def records(ask: WholeStation) -> PeriodAnswer[RecordRow]:
    """The extremes of all hours, and the rainiest of INMET's days."""
    rows = [*_hourly(ask), _rainiest_day(ask)]
    return PeriodAnswer[RecordRow](**of_period(ask, rows))


def _hourly(ask: Ask) -> list[RecordRow]:
    parts = []
    for what, (column, is_highest, _, _) in HOURLY.items():
        best = "MAX" if is_highest else "MIN"
        sign = "-" if is_highest else ""
        parts.append(
            f"{best}({column}) AS {what}, ARG_MIN(observed_at, ROW({sign}{column}, observed_at)) "
            f"FILTER (WHERE {column} IS NOT NULL) AS {what}_at"
        )
    columns = [column for column, *_ in HOURLY.values()]
    [row] = ask.query(columns, f" SELECT {', '.join(parts)} FROM hours")  # noqa: S608
    return [_record(ask, what, row) for what in HOURLY]


def _record(ask: Ask, what: str, row: dict[str, Any]) -> RecordRow:
    _, _, label, unit = HOURLY[what]
    at = row[f"{what}_at"]
    moment = in_zone(at, ask.period.zone) if at else None
    return RecordRow(what=what, label=label, value=row[what], unit=unit, at=moment)


def _rainiest_day(ask: Ask) -> RecordRow:
    rows = query_daily(
        ask,
        " SELECT day, precipitation_mm FROM daily WHERE precipitation_mm IS NOT NULL"
        " ORDER BY precipitation_mm DESC, day LIMIT 1",
    )
    best = rows[0] if rows else {"day": None, "precipitation_mm": None}
    return RecordRow(
        what="rain_day",
        label="Maior chuva em um dia",
        value=best["precipitation_mm"],
        unit="mm",
        at=best["day"],
    )
