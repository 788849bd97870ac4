"""The stations: names and places from their CSV, hours from the clean files."""

from __future__ import annotations

import csv
import difflib
from dataclasses import dataclass
from datetime import datetime

from data_service.problems import UnknownStation
from data_service.snapshot import Snapshot
from data_service.zones import zone_of_station


@dataclass(frozen=True)
class Place:
    """A station: what is unknown is None. Labels are UTC without zone."""

    station_id: str
    name: str | None = None
    uf: str | None = None
    region: str | None = None
    latitude_deg: float | None = None
    longitude_deg: float | None = None
    altitude_m: float | None = None
    first: datetime | None = None
    last: datetime | None = None
    hours: int = 0

    @property
    def zone(self) -> str:
        """Its time zone's IANA name."""
        return zone_of_station(self.uf, self.longitude_deg)


def places(snapshot: Snapshot) -> dict[str, Place]:
    """Every station by its code, in their order."""
    found: dict[str, Place] = snapshot.remember("places", lambda: _read(snapshot))
    return found


def place(snapshot: Snapshot, code: str) -> Place:
    """One station.

    Raises:
        UnknownStation: there is none of this code; with those that look like it.
    """
    known = places(snapshot)
    if code.upper() not in known:
        near = difflib.get_close_matches(code.upper(), known, n=3)
        raise UnknownStation(
            f"There is no station {code!r}.",
            remedy=f"Near it: {', '.join(near)}." if near else "GET /stations lists all.",
        )
    return known[code.upper()]


def _read(snapshot: Snapshot) -> dict[str, Place]:
    rows = _newest_versions(snapshot)
    found = {}
    for code in sorted({*rows, *snapshot.held}):
        row, held = rows.get(code, {}), snapshot.held.get(code)
        found[code] = Place(
            station_id=code,
            name=row.get("station_name") or None,
            uf=row.get("uf") or None,
            region=row.get("region") or None,
            latitude_deg=_number(row.get("latitude_deg")),
            longitude_deg=_number(row.get("longitude_deg")),
            altitude_m=_number(row.get("altitude_m")),
            first=held.first if held else None,
            last=held.last if held else None,
            hours=held.hours if held else 0,
        )
    return found


def _newest_versions(snapshot: Snapshot) -> dict[str, dict[str, str]]:
    """Rows of the stations' CSV by code: the current version, else the last."""
    path = snapshot.files.stations_csv
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row.get("station_id")]
    rows.sort(key=lambda row: (row.get("is_current") == "true", row.get("valid_from") or ""))
    return {row["station_id"]: row for row in rows}


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
