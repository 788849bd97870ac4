"""What a reader returns: the table, the station's header, and a report about the file.

The report's remarks are what a user should know about the file although it was read.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

import pyarrow as pa

from inmet_platform.errors import Place
from inmet_platform.inmet.readers.layout import Layout
from inmet_platform.inmet.readers.station import StationHeader, station_in_name

StationSource = Literal["file", "name", "uploader"]


@dataclass(frozen=True)
class Report:
    """What a file is. Hours are UTC and mark the end of the hour."""

    file: str
    member: str | None
    format: str
    encoding: str
    vintage: str | None = None
    station_id: str | None = None
    station_name: str | None = None
    station_source: StationSource | None = None
    first_hour: datetime | None = None
    last_hour: datetime | None = None
    rows: int = 0
    observations: int = 0
    # Rows whose hour stands in an earlier row of the file.
    repeated_hours: int = 0
    # The file has these columns, with or without values; a BDMEP file has what was requested.
    variables: tuple[str, ...] = ()
    values: dict[str, int] = field(default_factory=dict)
    repairs: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The report for JSON, times in ISO 8601."""
        plain = asdict(self)
        for name in ("first_hour", "last_hour"):
            plain[name] = plain[name].isoformat() + "Z" if plain[name] else None
        return plain


@dataclass(frozen=True)
class Reading:
    """A file's hours in `OBSERVATION_SCHEMA`, in the order of the file, with header and report.

    Of days and months the table is in `PUBLISHED_SCHEMA`, of a catalogue's station it is empty.
    """

    table: pa.Table
    header: StationHeader | None
    report: Report


def remarks(
    table: pa.Table,
    of_hours: list[str],
    layout: Layout,
    header: StationHeader | None,
    source: StationSource,
    place: Place,
) -> list[str]:
    """Sentences about repeated hours, who named the station, and columns that were left out."""
    found = of_hours + _of_station(str(table["station_id"][0]), source, place)
    if header and header.name and "\ufffd" in header.name:
        found.append(f"the station's name lost its accents: {header.name}")
    empty = [name for name in layout.variables if table[name].null_count == table.num_rows]
    if empty and len(empty) < len(layout.variables):
        found.append(f"no value at all: {', '.join(empty)}")
    if layout.ignored:
        found.append(f"columns left out: {'; '.join(layout.ignored)}")
    return found


def _of_station(station: str, source: StationSource, place: Place) -> list[str]:
    if source == "name":
        return [f"no metadata block: station {station} is taken from the file's name"]
    named = station_in_name(place.member or place.file)
    if named is None or named == station:
        return []
    if source == "uploader":
        return [f"the name says {named}, the uploader {station}: the uploader is believed"]
    return [f"the name says {named}, the file itself {station}: the file is believed"]
