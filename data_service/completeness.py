"""/completeness: of the hours that should be there, how many are."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from data_service.answers import PeriodAnswer, check_rows, of_period
from data_service.asking import CALENDAR, Ask, StationOrAll
from data_service.caching import CachedRoute
from data_service.period import HOUR
from data_service.problems import PROBLEMS
from data_service.series import checked_variables
from data_service.variables import expected_of, present_of
from inmet_platform.inmet.schema import VARIABLE_NAMES

router = APIRouter(route_class=CachedRoute, responses=PROBLEMS)

_MONTH = "STRFTIME(began, '%Y-%m')"
_ROW_BYTES = 66
_ALL = ",".join(VARIABLE_NAMES)

# A station is there in a month in which it measured anything. The calendar knows the month of an
# hour: to work it out for each row takes ten times as long.
_NETWORK = f""", expected AS (
    SELECT {_MONTH} AS month, COUNT(*) AS hours FROM calendar GROUP BY 1
), found AS (
    SELECT {_MONTH.replace("began", "calendar.began")} AS month,
        COUNT(DISTINCT station_id) AS stations,
        COUNT(precipitation_mm) AS rain_hours
    FROM hours INNER JOIN calendar USING (observed_at) GROUP BY 1
)
    SELECT month, COALESCE(stations, 0) AS stations,
        ROUND(rain_hours / NULLIF(stations * expected.hours, 0), 4) AS share
    FROM expected LEFT JOIN found USING (month) ORDER BY month
"""  # noqa: S608 - names of our own


class CompletenessRow(BaseModel):
    """A month: of one variable of the station, or of the network's rain."""

    month: str = Field(examples=["2024-01"])
    variable: str | None = Field(None, description="of a station", examples=["precipitation_mm"])
    stations: int | None = Field(None, description="without a station: those that measured")
    share: float | None = Field(description="hours with a value, of those that should be there")


@router.get("/completeness", response_model_exclude_unset=True)
def completeness(
    ask: StationOrAll,
    variables: Annotated[
        str, Query(max_length=400, description="with a station: names of columns")
    ] = _ALL,
) -> PeriodAnswer[CompletenessRow]:
    """The share of hours by month; of radiation those of 12 to 20 UTC.

    A station's hours begin with its first and go on, silent or not, to the newest of the network.
    Without a station: the stations that measured in the month, and the share of their rain.
    """
    names = checked_variables(variables)
    months = ask.period.hours / 672 + 2
    if ask.station:
        check_rows(months * len(names), _ROW_BYTES, "Ask for fewer years or `variables`.")
        rows = _of_station(ask, names)
    else:
        rows = [CompletenessRow(**row) for row in ask.query(_RAIN, CALENDAR + _NETWORK)]
    answer = PeriodAnswer[CompletenessRow](**of_period(ask, rows))
    answer.source = answer.source  # told although it is the default
    return answer


_RAIN = ("station_id", "precipitation_mm")


def _of_station(ask: Ask, names: list[str]) -> list[CompletenessRow]:
    there = _while_there(ask)
    if there is None:
        return []
    expected = ", ".join(f"{expected_of(name)} AS {name}" for name in names)
    found = ", ".join(f"{present_of(name)} AS {name}_hours" for name in names)
    sql = f"""{CALENDAR},
        expected AS (SELECT {_MONTH} AS month, {expected} FROM calendar GROUP BY 1),
        found AS (SELECT {_MONTH} AS month, {found} FROM hours GROUP BY 1)
        SELECT * FROM expected LEFT JOIN found USING (month) ORDER BY month"""  # noqa: S608
    return [
        CompletenessRow(
            month=row["month"],
            variable=name,
            share=round((row[f"{name}_hours"] or 0) / row[name], 4) if row[name] else None,
        )
        for row in there.query(names, sql)
        for name in names
    ]


def _while_there(ask: Ask) -> Ask | None:
    """The period, cut to what the station could have measured."""
    period, station, newest = ask.period, ask.station, ask.snapshot.newest
    if station is None or station.first is None or newest is None:
        return None
    first, last = max(period.first, station.first - HOUR), min(period.last, newest)
    return replace(ask, period=replace(period, first=first, last=last)) if first < last else None
