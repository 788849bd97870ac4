"""The header of a member: its metadata block, the hours it covers, its edition and its lineage."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from inmet_platform.inmet.readers import READER_VERSION, Member, Reading
from inmet_platform.inmet.schema import VARIABLE_BITS, VARIABLE_NAMES
from inmet_platform.warehouse.timestamps import as_utc

LINEAGE = (
    pa.field("source_key", pa.string()),
    pa.field("source_member", pa.string()),
    pa.field("reading_id", pa.string()),
    pa.field("edition_at", pa.timestamp("us")),
)

STATION_HEADERS_SCHEMA = pa.schema(
    [
        pa.field("station_id", pa.string(), nullable=False),
        pa.field("station_name", pa.string()),
        pa.field("region", pa.string()),
        pa.field("uf", pa.string()),
        pa.field("latitude_deg", pa.float64()),
        pa.field("longitude_deg", pa.float64()),
        pa.field("altitude_m", pa.float64()),
        pa.field("founded_on", pa.date32()),
        pa.field("station_source", pa.string()),
        pa.field("file_format", pa.string()),
        pa.field("first_hour", pa.timestamp("us")),
        pa.field("last_hour", pa.timestamp("us")),
        pa.field("row_count", pa.int64()),
        pa.field("observation_count", pa.int64()),
        pa.field("member_sha256", pa.string()),
        pa.field("member_size_bytes", pa.int64()),
        pa.field("observations_key", pa.string()),
        pa.field("edition", pa.int64()),
        pa.field("variables", pa.int64()),
        pa.field("repeated_hour_count", pa.int64()),
        *LINEAGE,
    ]
)

Header = dict[str, Any]


@dataclass(frozen=True)
class RawFile:
    """A raw object on local disk, with what S3 knows of it."""

    path: Path
    key: str
    name: str
    received_at: datetime
    station_id: str | None = None
    edition_at: datetime | None = None

    @cached_property
    def sha256(self) -> str:
        """Hex digest of the file, which is read in pieces."""
        with self.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()


def header_of(
    raw: RawFile, member: Member, reading: Reading, sha256: str, number: int = 0
) -> Header:
    """The header of a reading that was just made; it names no landing file yet.

    Args:
        raw: the object.
        member: its member that was read.
        reading: what the reader made of it.
        sha256: of the member's bytes.
        number: which reading of the member it is, from 0.
    """
    report, station = reading.report, reading.header
    is_whole = len(report.variables) == len(VARIABLE_NAMES)
    # 96 bits are enough to distinguish all readings; the id stands in every row of RAW.
    content = f"{report.station_id} {sha256}" + (f" {number}" if number else "")
    digest = hashlib.sha256(content.encode()).hexdigest()[:24]
    reading_id = f"{READER_VERSION:02}-{'whole' if is_whole else 'partial'}-{digest}"
    return {
        "station_id": report.station_id,
        "station_name": station.name if station else None,
        "region": station.region if station else None,
        "uf": station.uf if station else None,
        "latitude_deg": station.latitude_deg if station else None,
        "longitude_deg": station.longitude_deg if station else None,
        "altitude_m": station.altitude_m if station else None,
        "founded_on": station.founded_on if station else None,
        "station_source": report.station_source,
        "file_format": report.format,
        "first_hour": report.first_hour,
        "last_hour": report.last_hour,
        "row_count": report.rows,
        "observation_count": report.observations,
        "member_sha256": sha256,
        "member_size_bytes": member.size_bytes,
        "observations_key": None,
        "variables": variables_mask(report.variables),
        "repeated_hour_count": report.repeated_hours,
        "reading_id": reading_id,
        **sighting_of(raw, member, reading_id),
    }


def sighting_of(raw: RawFile, member: Member, reading_id: str) -> Header:
    """What differs when the same bytes are seen again in another object: lineage and edition."""
    # The sender may say when it was published. Otherwise a zip member has its own time, and a
    # single file that of its upload. Who packed in another zone may seem to have packed later.
    received_at = as_utc(raw.received_at)
    packed_at = min(as_utc(member.modified_at), received_at) if member.modified_at else received_at
    edition_at = as_utc(raw.edition_at) if raw.edition_at else packed_at
    return {
        "source_key": raw.key,
        "source_member": member.name,
        "edition_at": edition_at,
        "edition": edition_number(reading_id, edition_at),
    }


def edition_number(reading_id: str, edition_at: datetime) -> int:
    """The number that sorts editions, so that the order of loading does not matter.

    The newer file ranks above, then the newer reader, and last the content decides. A file with
    some variables says nothing of the others: each variable has the newest edition that holds it.
    """
    version, _, digest = reading_id.split("-")
    # The constant keeps the numbers that are in RAW in order with those of today.
    age = 10**10 + int(edition_at.replace(tzinfo=UTC).timestamp())
    return (age * 100 + int(version)) * 10**6 + int(digest[:12], 16) % 10**6


def variables_mask(variables: Iterable[str]) -> int:
    """One bit for each variable that a file has a column of, in the schema's order."""
    return sum(VARIABLE_BITS[name] for name in variables)
