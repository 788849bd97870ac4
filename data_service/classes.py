"""/classes: how many hours had which class of rain."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from data_service.answers import PeriodAnswer, check_rows, of_period
from data_service.asking import CALENDAR, Ask, StationPeriod
from data_service.caching import CachedRoute
from data_service.problems import PROBLEMS
from inmet_platform.inmet.rain_classes import MISSING, SCALES, RainScale

router = APIRouter(route_class=CachedRoute, responses=PROBLEMS)

Scale = Literal["alerta_rio", "wmo", "ams"]
By = Literal["total", "month", "hour"]

_GROUPS = {
    "total": "''",
    "month": "STRFTIME(began, '%Y-%m')",
    "hour": "EXTRACT(HOUR FROM began)",
}
_ROW_BYTES = 76


class ClassRow(BaseModel):
    """A class of hourly rain; `month` or `hour` (local) when asked for."""

    month: str | None = Field(None, description="YYYY-MM, with by=month", examples=["2024-01"])
    hour: int | None = Field(None, description="0 to 23, in which it begins, with by=hour")
    rain_class: str = Field(serialization_alias="class", examples=["sem chuva", MISSING])
    hours: int
    share: float | None = Field(description="of the hours of the period, month or hour of day")


@router.get("/classes", response_model_exclude_unset=True)
def classes(
    ask: StationPeriod, scale: Scale = "alerta_rio", by: By = "total"
) -> PeriodAnswer[ClassRow]:
    """Hours by class of their rain; `sem dado` are all hours of the period without a value."""
    chosen = SCALES[scale]
    if by == "month":
        months = ask.period.hours / 672 + 2
        check_rows(months * (len(chosen.classes) + 1), _ROW_BYTES, "Ask for fewer years.")
    rows = [row for group in _groups(ask, chosen, by) for row in _rows(group, chosen, by)]
    answer = PeriodAnswer[ClassRow](**of_period(ask, rows))
    answer.source = answer.source  # told although it is the default
    return answer


def _groups(ask: Ask, scale: RainScale, by: By) -> list[dict[str, Any]]:
    """A row a group: its name, its hours, and the hours of each class by its number."""
    lower = [None, *scale.bounds_mm]
    upper = [*scale.bounds_mm, None]
    counts = ""
    for number, (above, until) in enumerate(zip(lower, upper, strict=True)):
        is_in = [f"precipitation_mm > {above}"] if above is not None else []
        is_in += [f"precipitation_mm <= {until}"] if until is not None else []
        counts += f", COUNT(*) FILTER (WHERE {' AND '.join(is_in)}) AS class_{number}"
    sql = f"""{CALENDAR}
        SELECT {_GROUPS[by].replace("began", "calendar.began")} AS name, COUNT(*) AS hours{counts}
        FROM calendar LEFT JOIN hours USING (observed_at) GROUP BY 1 ORDER BY 1"""  # noqa: S608
    return ask.query(["precipitation_mm"], sql)


def _rows(group: dict[str, Any], scale: RainScale, by: By) -> list[ClassRow]:
    hours = [group[f"class_{number}"] for number in range(len(scale.classes))]
    named = dict(zip(scale.classes, hours, strict=True)) | {MISSING: group["hours"] - sum(hours)}
    which = {} if by == "total" else {by: group["name"]}
    return [
        ClassRow(**which, rain_class=name, hours=count, share=round(count / group["hours"], 6))
        for name, count in named.items()
    ]
