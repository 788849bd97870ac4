"""/latest: the newest hour of every station."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, Field

from data_service.answers import Answer
from data_service.asking import Files, StationCode, Zone
from data_service.caching import AgingRoute
from data_service.directory import Place, place, places
from data_service.forecast import newest_forecasts
from data_service.period import in_zone
from data_service.problems import PROBLEMS
from data_service.snapshot import Snapshot
from data_service.zones import BRASILIA, checked_zone
from inmet_platform.inmet.rain_classes import class_names

router = APIRouter(route_class=AgingRoute, responses=PROBLEMS)

LOOK_BACK = timedelta(hours=72)

_NOW = (
    *("temperature_c", "humidity_pct", "pressure_hpa", "wind_speed_ms"),
    *("wind_gust_ms", "wind_direction_deg", "precipitation_mm"),
)
_RECENT = "precipitation_mm) FILTER (WHERE observed_at > last - INTERVAL"
# A sum needs 11 of 12 hours, as INMET's daily sum does.
_LATEST = f"""
    WITH ends AS (
        SELECT UNNEST($stations) AS station_id, UNNEST($ends::TIMESTAMP[]) AS last
    ), recent AS (
        SELECT station_id, observed_at, last, {", ".join(_NOW)}
        FROM read_parquet($files) INNER JOIN ends USING (station_id)
        WHERE observed_at > $since AND station_id BETWEEN $low AND $high
            AND observed_at > last - INTERVAL 72 HOUR
    )
    SELECT station_id, last AS observed_at,
        {", ".join(f"MAX({name}) FILTER (WHERE observed_at = last) AS {name}" for name in _NOW)},
        ROUND(
            MAX(pressure_hpa) FILTER (WHERE observed_at = last)
            - MAX(pressure_hpa) FILTER (WHERE observed_at = last - INTERVAL 3 HOUR), 1
        ) AS pressure_change_3h_hpa,
        CASE WHEN COUNT({_RECENT} 24 HOUR) >= 22
            THEN ROUND(SUM({_RECENT} 24 HOUR), 1) END AS rain_24h_mm,
        CASE WHEN COUNT({_RECENT} 72 HOUR) >= 66
            THEN ROUND(SUM({_RECENT} 72 HOUR), 1) END AS rain_72h_mm
    FROM recent GROUP BY station_id, last ORDER BY station_id
"""  # noqa: S608 - names of our own


class LatestRow(BaseModel):
    """A station's newest hour on the map of the network: how old it is, and its rain."""

    station_id: str = Field(examples=["A001"])
    name: str | None
    uf: str | None
    latitude_deg: float | None
    longitude_deg: float | None
    observed_at: AwareDatetime = Field(description="end of the hour")
    age_h: float
    temperature_c: float | None
    precipitation_mm: float | None
    rain_24h_mm: float | None = Field(description="null with fewer than 22 hours")
    rain_72h_mm: float | None = Field(description="null with fewer than 66 hours")
    rain_class: str = Field(description="of the hour, by Alerta Rio", examples=["sem chuva"])
    rain_probability: float | None = Field(description="of the hour after, when it was forecast")


class LatestHour(LatestRow):
    """The newest hour of one station, whole."""

    humidity_pct: float | None
    pressure_hpa: float | None
    pressure_change_3h_hpa: float | None
    wind_speed_ms: float | None
    wind_gust_ms: float | None
    wind_direction_deg: float | None


@router.get("/latest")
def latest(
    files: Files, station: StationCode | None = None, tz: Zone = None
) -> Answer[LatestHour] | Answer[LatestRow]:
    """The whole newest hour of one station; or the newest of every station, with its rain."""
    if station is None:
        zone = checked_zone(tz or BRASILIA)
        rows = [LatestRow(**row) for row in _told(files, _of_all(files), zone)]
        return Answer[LatestRow](tz=zone.key, rows=rows)
    found = place(files, station)
    zone = checked_zone(tz or found.zone)
    hour = [LatestHour(**row) for row in _told(files, _read(files, [found]), zone)]
    return Answer[LatestHour](tz=zone.key, rows=hour)


def _told(files: Snapshot, rows: list[dict[str, Any]], zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    """With where each station is, how old its hour is, and what was forecast of the next."""
    known, now = places(files), datetime.now(UTC).replace(tzinfo=None)
    forecasts = newest_forecasts(files)
    for row in rows:
        where, forecast = known[row["station_id"]], forecasts.get(row["station_id"], {})
        is_next = forecast.get("valid_at") and forecast["valid_at"] > row["observed_at"]
        yield {
            **row,
            "observed_at": in_zone(row["observed_at"], zone),
            "name": where.name,
            "uf": where.uf,
            "latitude_deg": where.latitude_deg,
            "longitude_deg": where.longitude_deg,
            "age_h": round((now - row["observed_at"]) / timedelta(hours=1), 1),
            "rain_probability": forecast["probability_over_0_mm"] if is_next else None,
        }


def _of_all(files: Snapshot) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = files.remember(
        "latest", lambda: _read(files, list(places(files).values()))
    )
    return rows


def _read(files: Snapshot, stations: list[Place]) -> list[dict[str, Any]]:
    """Year by year, so that a station that fell silent long ago costs its own year alone."""
    there = sorted((it for it in stations if it.last), key=lambda it: str(it.last))
    rows = []
    for _, group in groupby(there, key=lambda it: it.last and it.last.year):
        codes, ends = zip(*((it.station_id, it.last) for it in group), strict=True)
        since = min(ends) - LOOK_BACK
        rows += files.query(
            _LATEST,
            files=files.paths(since, max(ends)),
            since=since,
            stations=list(codes),
            ends=list(ends),
            low=min(codes),
            high=max(codes),
        )
    rain = [np.nan if row["precipitation_mm"] is None else row["precipitation_mm"] for row in rows]
    for row, name in zip(rows, class_names(np.array(rain, dtype=float)), strict=True):
        row["rain_class"] = str(name)
    return sorted(rows, key=lambda row: str(row["station_id"]))
