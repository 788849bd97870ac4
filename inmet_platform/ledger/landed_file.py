"""What the intake found in a raw object and wrote for Snowpipe, as the ledger records it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from inmet_platform.errors import UnreadableFile


@dataclass(frozen=True)
class LandingFile:
    """A Parquet file under `landing/`."""

    table: str
    key: str
    rows: int
    size_bytes: int


@dataclass
class LandedFile:
    """What became of a raw object."""

    sha256: str
    upload_id: str
    edition_at: datetime | None = None
    format: str | None = None
    stations: set[str] = field(default_factory=set)
    member_count: int = 0
    rows: int = 0
    observations: int = 0
    first_hour: datetime | None = None
    last_hour: datetime | None = None
    files: list[LandingFile] = field(default_factory=list)
    refusals: list[UnreadableFile] = field(default_factory=list)
