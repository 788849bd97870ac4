"""/wind-rose: from where, and how strong."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from data_service.answers import PeriodAnswer, of_period
from data_service.asking import StationPeriod
from data_service.caching import CachedRoute
from data_service.problems import PROBLEMS

router = APIRouter(route_class=CachedRoute, responses=PROBLEMS)

Season = Literal["all", "DJF", "MAM", "JJA", "SON"]

CALM_MS = 0.5
CALM = "calmaria"
SECTORS = (
    *("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE"),
    *("S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"),
)
# Name of a class -> from this speed on (m/s).
SPEEDS = {"0.5-2": 0.5, "2-4": 2.0, "4-6": 4.0, "6-8": 6.0, ">= 8": 8.0}

_MONTHS = {
    "all": list(range(1, 13)),
    "DJF": [12, 1, 2],
    "MAM": [3, 4, 5],
    "JJA": [6, 7, 8],
    "SON": [9, 10, 11],
}

# A calm hour has no direction, whatever the vane shows.
_ROSE = f"""
    SELECT
        CASE WHEN wind_speed_ms >= {CALM_MS}
            THEN FLOOR((wind_direction_deg + 11.25) / 22.5)::INTEGER % 16 END AS sector,
        CASE WHEN wind_speed_ms >= {CALM_MS} THEN
            {" + ".join(f"(wind_speed_ms >= {speed})::INTEGER" for speed in SPEEDS.values())} - 1
        END AS speed,
        COUNT(*) AS hours
    FROM hours
    WHERE
        list_contains($months, MONTH(began))
        AND (wind_speed_ms < {CALM_MS} OR wind_direction_deg IS NOT NULL)
        AND wind_speed_ms IS NOT NULL
    GROUP BY 1, 2
"""  # noqa: S608 - numbers of our own


class WindRow(BaseModel):
    """Hours of a sector and a class of speed."""

    sector: str = Field(description="where it comes from, one of 16, or calmaria", examples=["NNE"])
    speed_class: str | None = Field(description="m/s; null of calmaria", examples=["2-4"])
    hours: int
    share: float | None = Field(description="of the hours with speed and direction, calm ones too")


@router.get("/wind-rose")
def wind_rose(ask: StationPeriod, season: Season = "all") -> PeriodAnswer[WindRow]:
    """81 rows: calm (below 0.5 m/s), then 16 sectors by five classes of speed."""
    found = {
        (row["sector"], row["speed"]): row["hours"]
        for row in ask.query(["wind_speed_ms", "wind_direction_deg"], _ROSE, months=_MONTHS[season])
    }
    total = sum(found.values())

    def row(sector: str, speed: str | None, hours: int) -> WindRow:
        share = round(hours / total, 6) if total else None
        return WindRow(sector=sector, speed_class=speed, hours=hours, share=share)

    rows = [row(CALM, None, found.get((None, None), 0))]
    for number, sector in enumerate(SECTORS):
        for place, speed in enumerate(SPEEDS):
            rows.append(row(sector, speed, found.get((number, place), 0)))
    return PeriodAnswer[WindRow](**of_period(ask, rows))
