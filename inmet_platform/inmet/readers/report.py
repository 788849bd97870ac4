"""What a reader returns: the table, the station's header, and a report about the file."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

import pyarrow as pa

from inmet_platform.inmet.readers.station import StationHeader

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
    """A file's hours in `OBSERVATION_SCHEMA`, in the order of the file, with header and report."""

    table: pa.Table
    header: StationHeader | None
    report: Report
