"""/stations: which there are, where, and since when."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, Field

from data_service.answers import Answer
from data_service.asking import Files, Zone
from data_service.caching import CachedRoute
from data_service.directory import places
from data_service.period import in_zone
from data_service.problems import PROBLEMS
from data_service.zones import BRASILIA, checked_zone

router = APIRouter(route_class=CachedRoute, responses=PROBLEMS)


class StationRow(BaseModel):
    """A station; its place is null when no file named it."""

    station_id: str = Field(examples=["A001"])
    name: str | None = Field(examples=["BRASILIA"])
    uf: str | None = Field(examples=["DF"])
    region: str | None = Field(examples=["CO"])
    latitude_deg: float | None
    longitude_deg: float | None
    altitude_m: float | None
    first_hour: AwareDatetime | None = Field(description="end of the first hour with a value")
    last_hour: AwareDatetime | None = Field(description="end of the last")
    hours: int = Field(description="hours that hold a value")


@router.get("/stations")
def stations(files: Files, tz: Zone = None) -> Answer[StationRow]:
    """Every station, by its code."""
    zone = checked_zone(tz or BRASILIA)
    rows = [
        StationRow(
            station_id=it.station_id,
            name=it.name,
            uf=it.uf,
            region=it.region,
            latitude_deg=it.latitude_deg,
            longitude_deg=it.longitude_deg,
            altitude_m=it.altitude_m,
            first_hour=in_zone(it.first, zone) if it.first else None,
            last_hour=in_zone(it.last, zone) if it.last else None,
            hours=it.hours,
        )
        for it in places(files).values()
    ]
    return Answer[StationRow](tz=zone.key, rows=rows)
