"""What a request asks for: the files as they are, a station, a period; and their clean hours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Any, cast

from fastapi import Depends, Query, Request

from data_service.directory import Place, place
from data_service.period import HOUR, Period, period_of
from data_service.snapshot import Snapshot, Store
from data_service.zones import BRASILIA, checked_zone
from inmet_platform.results.manifest import CLEAN_SCHEMA

_LOCAL = "timezone($tz, timezone('UTC', observed_at - INTERVAL 1 HOUR)) AS began"

# Every label of the period, whether there is a row or not: what should be there.
CALENDAR = f""", calendar AS (
    SELECT observed_at, {_LOCAL}
    FROM range($first_label, $last + INTERVAL 1 SECOND, INTERVAL 1 HOUR) AS labels (observed_at)
)"""  # noqa: S608 - names of our own


@dataclass(frozen=True)
class Ask:
    """Files, period, and the station when it is of one."""

    snapshot: Snapshot
    period: Period
    station: Place | None = None

    @property
    def code(self) -> str:
        """The station's code."""
        return cast("Place", self.station).station_id

    def of_all_time(self) -> Ask:
        """The same from the station's first hour to its last."""
        found = cast("Place", self.station)
        if found.first is None or found.last is None:
            return self
        return replace(self, period=replace(self.period, first=found.first - HOUR, last=found.last))

    def between(self, first: datetime, last: datetime) -> Ask:
        """The same in another period."""
        return replace(self, period=replace(self.period, first=first, last=last))

    def query(self, columns: Iterable[str], sql: str, **values: Any) -> list[dict[str, Any]]:
        """Ask the clean hours of the period.

        Args:
            columns: of CLEAN, besides observed_at.
            sql: goes on after `WITH hours AS (…)`, whose columns are observed_at, began (local
                time in which the hour begins) and `columns`.
            values: bound, beside $first, $last, $first_label, $tz.
        """
        period = self.period
        files = self.snapshot.paths(period.first, period.last)
        names = ", ".join(["observed_at", *dict.fromkeys(columns)])
        where = "observed_at > $first AND observed_at <= $last"
        if self.station:
            where += " AND station_id = $station"
        hours = f"SELECT {names}, {_LOCAL} FROM {_source(files)} WHERE {where}"  # noqa: S608 - own names
        return self.snapshot.query(
            f"WITH hours AS ({hours}){sql}",
            files=files,
            station=self.station and self.station.station_id,
            first=period.first,
            last=period.last,
            first_label=period.first_label,
            tz=period.zone.key,
            **values,
        )


def _source(files: list[str]) -> str:
    if files:
        return "read_parquet($files)"
    types = {"string": "VARCHAR", "timestamp[us]": "TIMESTAMP", "double": "DOUBLE"}
    empty = ", ".join(
        f"NULL::{types.get(str(column.type), 'BIGINT')} AS {column.name}" for column in CLEAN_SCHEMA
    )
    return f"(SELECT {empty} WHERE $files IS NULL)"


StationCode = Annotated[
    str, Query(pattern="^[A-Za-z][0-9]{3}$", description="INMET's code", examples=["A001"])
]
Zone = Annotated[
    str | None,
    Query(
        max_length=64,
        description="IANA time zone of days, hours and answers; the station's own without it",
        examples=["America/Sao_Paulo"],
    ),
]
From = Annotated[
    str | None,
    Query(
        alias="from",
        max_length=40,
        description="ISO date (a local day) or time; 30 days before `to` without it",
        examples=["2024-01-01"],
    ),
]
To = Annotated[
    str | None,
    Query(
        alias="to",
        max_length=40,
        description="ISO date (belongs to the period) or time; the newest hour without it",
        examples=["2024-01-31"],
    ),
]


def get_store(request: Request) -> Store:
    """The store of the application."""
    return cast("Store", request.app.state.store)


def get_snapshot(store: Annotated[Store, Depends(get_store)]) -> Snapshot:
    """The files as they are."""
    return store.snapshot()


Files = Annotated[Snapshot, Depends(get_snapshot)]


def ask_station_period(
    snapshot: Files, station: StationCode, since: From = None, until: To = None, tz: Zone = None
) -> Ask:
    """A station and a period."""
    found = place(snapshot, station)
    return Ask(snapshot, period_of(since, until, checked_zone(tz or found.zone), found.last), found)


def ask_station(snapshot: Files, station: StationCode, tz: Zone = None) -> Ask:
    """A station and all its hours."""
    return ask_station_period(snapshot, station, tz=tz).of_all_time()


def ask_any(
    snapshot: Files,
    station: StationCode | None = None,
    since: From = None,
    until: To = None,
    tz: Zone = None,
) -> Ask:
    """A period, and a station or all."""
    if station is not None:
        return ask_station_period(snapshot, station, since, until, tz)
    return Ask(snapshot, period_of(since, until, checked_zone(tz or BRASILIA), snapshot.newest))


StationPeriod = Annotated[Ask, Depends(ask_station_period)]
WholeStation = Annotated[Ask, Depends(ask_station)]
StationOrAll = Annotated[Ask, Depends(ask_any)]


def days_of(period: Period) -> tuple[datetime, datetime]:
    """The labels that INMET's daily values of the period's days need: after, and up to (UTC)."""
    midnight = datetime.min.time()
    first = datetime.combine(period.first_day, midnight) - 12 * HOUR
    return first, datetime.combine(period.last_day, midnight) + timedelta(days=1)
