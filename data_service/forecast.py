"""/forecast: what the champion model says of the next hour."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, Field

from data_service.answers import Answer
from data_service.asking import Files, StationCode, Zone
from data_service.caching import CachedRoute
from data_service.directory import place
from data_service.period import in_zone
from data_service.problems import PROBLEMS
from data_service.snapshot import Snapshot
from data_service.zones import BRASILIA, checked_zone

router = APIRouter(route_class=CachedRoute, responses=PROBLEMS)

_FORECASTS = """
    SELECT
        station_id, observed_at::TIMESTAMP AS observed_at, valid_at::TIMESTAMP AS valid_at,
        ROUND(probability_over_0_mm, 3) AS probability_over_0_mm,
        ROUND(probability_over_5_mm, 3) AS probability_over_5_mm,
        ROUND(probability_over_25_mm, 3) AS probability_over_25_mm,
        says_rain, model_version::VARCHAR AS model_version
    FROM read_parquet($files)
    QUALIFY ROW_NUMBER() OVER (PARTITION BY station_id ORDER BY valid_at DESC) = 1
    ORDER BY station_id
"""


class ForecastRow(BaseModel):
    """A station's newest forecast."""

    station_id: str = Field(examples=["A001"])
    valid_at: AwareDatetime = Field(description="end of the hour that is forecast")
    probability_over_0_mm: float | None = Field(ge=0, le=1)
    probability_over_5_mm: float | None = Field(ge=0, le=1)
    probability_over_25_mm: float | None = Field(ge=0, le=1)
    says_rain: bool | None = Field(description="whether the model decides for rain")
    model_version: str | None = Field(description="of the champion", examples=["7"])


@router.get("/forecast")
def forecast(
    files: Files, station: StationCode | None = None, tz: Zone = None
) -> Answer[ForecastRow]:
    """The forecast of the hour after the newest, of every station or of one."""
    found = place(files, station) if station else None
    zone = checked_zone(tz or (found.zone if found else BRASILIA))
    rows = [
        ForecastRow(**{**row, "valid_at": in_zone(row["valid_at"], zone)})
        for code, row in newest_forecasts(files).items()
        if found is None or code == found.station_id
    ]
    return Answer[ForecastRow](tz=zone.key, rows=rows)


def newest_forecasts(files: Snapshot) -> dict[str, dict[str, Any]]:
    """The newest forecast of each station by its code; none when no model made any."""
    path = files.files.forecast_parquet
    if not path.exists():
        return {}
    rows = files.remember("forecasts", lambda: files.query(_FORECASTS, files=[str(path)]))
    return {row["station_id"]: row for row in rows}
