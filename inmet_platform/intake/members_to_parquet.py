"""Writes some members of a raw object to one landing Parquet file: the work that runs in parallel.

Every process of the pool imports this module, so it knows only the readers and Arrow.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.inmet.readers import READER_VERSION, Member, Reading, members, read_observations
from inmet_platform.inmet.schema import OBSERVATION_SCHEMA, VARIABLE_NAMES
from inmet_platform.warehouse.timestamps import as_utc

LINEAGE = (
    pa.field("source_key", pa.string()),
    pa.field("source_member", pa.string()),
    pa.field("reading_id", pa.string()),
    pa.field("edition_at", pa.timestamp("us")),
)

OBSERVATIONS_SCHEMA = pa.schema([*OBSERVATION_SCHEMA, *LINEAGE])

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
        *LINEAGE,
    ]
)

LANDING_SCHEMAS = {
    "observations": OBSERVATIONS_SCHEMA,
    "station_headers": STATION_HEADERS_SCHEMA,
}

# What a second sighting of the same bytes takes over from the first.
HEADER_COLUMNS = [
    *("station_id", "station_name", "region", "uf", "latitude_deg", "longitude_deg"),
    *("altitude_m", "founded_on", "station_source", "file_format", "first_hour", "last_hour"),
    "row_count",
    *("observation_count", "member_sha256", "member_size_bytes", "observations_key", "reading_id"),
]

ROWS_A_GROUP = 131_072

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


@dataclass(frozen=True)
class MemberRange:
    """Members `first` to `last` (excluded) of a raw object, and the readings known already."""

    raw: RawFile
    first: int
    last: int
    target: Path
    known: dict[str, Header]  # by sha256; only of files that name their station themselves


@dataclass
class WrittenMembers:
    """What became of a task: one header a readable member, refusals, the rows written."""

    target: Path
    headers: list[Header] = field(default_factory=list)
    refusals: list[UnreadableFile] = field(default_factory=list)
    rows: int = 0
    source_hash: str = ""

    @property
    def members(self) -> int:
        """How many members it saw."""
        return len(self.headers) + len(self.refusals)


def write_members(task: MemberRange) -> WrittenMembers:
    """Read the members and write the rows of those that are not known.

    The other members land even if one is refused. Headers of new readings have no
    `observations_key` yet: the landing key follows from `source_hash`.
    """
    part = WrittenMembers(task.target)
    content = hashlib.sha256()
    with _Rows(task.target) as rows:
        for member, data in _bytes(task, part):
            sha256 = hashlib.sha256(data).hexdigest()
            known = task.known.get(sha256)
            if known and task.raw.station_id in {None, known["station_id"]}:
                part.headers.append({**known, **_sighting(task.raw, member, known["reading_id"])})
                continue
            reading = _read(task.raw, member, data, part)
            if reading:
                header = _header(task.raw, member, reading, sha256)
                part.headers.append(header)
                content.update(header["reading_id"].encode())
                rows.write(_with_lineage(reading.table, header))
    part.rows, part.source_hash = rows.written, content.hexdigest()
    return part


def _bytes(task: MemberRange, part: WrittenMembers) -> Iterator[tuple[Member, bytes]]:
    try:
        for member in islice(members(task.raw.path, file=task.raw.name), task.first, task.last):
            try:
                data = member.read()
            except UnreadableFile as refusal:
                part.refusals.append(refusal)
            else:
                yield member, data
    except UnreadableFile as refusal:  # the zip itself is broken
        part.refusals.append(refusal)


def _read(raw: RawFile, member: Member, data: bytes, part: WrittenMembers) -> Reading | None:
    try:
        return read_observations(data, file=raw.name, member=member.name, station_id=raw.station_id)
    except UnreadableFile as refusal:
        part.refusals.append(refusal)
    except Exception as error:  # no crafted file may stop the others
        part.refusals.append(
            UnreadableFile(
                Place(raw.name, member.name),
                expected="a file that the reader understands",
                found=f"{type(error).__name__}: {error}",
                remedy="This is a fault of the reader: please report it with the file.",
            )
        )
    return None


def _header(raw: RawFile, member: Member, reading: Reading, sha256: str) -> Header:
    report, station = reading.report, reading.header
    is_whole = len(report.variables) == len(VARIABLE_NAMES)
    # 96 bits are enough to distinguish all readings; the id stands in every row of RAW.
    digest = hashlib.sha256(f"{report.station_id} {sha256}".encode()).hexdigest()[:24]
    # A partial file says so in its id, which a second sighting takes over.
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
        "reading_id": reading_id,
        **_sighting(raw, member, reading_id),
    }


def _sighting(raw: RawFile, member: Member, reading_id: str) -> Header:
    # The sender may say when it was published. Otherwise a zip member has its own time, and a
    # single file that of its upload.
    edition_at = as_utc(raw.edition_at or member.modified_at or raw.received_at)
    return {
        "source_key": raw.key,
        "source_member": member.name,
        "edition_at": edition_at,
        "edition": edition_number(reading_id, edition_at),
    }


def edition_number(reading_id: str, edition_at: datetime) -> int:
    """The number that sorts editions, so that the order of loading does not matter.

    A file with all variables ranks above one with only some, whatever their age, because the
    partial one would blank the others. Then the newer file ranks above, then the newer reader,
    and last the content decides.
    """
    version, kind, digest = reading_id.split("-")
    seconds = int(edition_at.replace(tzinfo=UTC).timestamp())
    age = (kind == "whole") * 10**10 + seconds
    return (age * 100 + int(version)) * 10**6 + int(digest[:12], 16) % 10**6


def _with_lineage(table: pa.Table, header: Header) -> pa.Table:
    for column in LINEAGE:
        value = pa.scalar(header[column.name], column.type)
        table = table.append_column(column, pa.repeat(value, table.num_rows))
    return table


class _Rows:
    """A Parquet file, made when its first rows come; row groups of a good size."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: pq.ParquetWriter | None = None
        self._waiting: list[pa.Table] = []
        self.written = 0

    def __enter__(self) -> _Rows:
        return self

    def __exit__(self, *_: object) -> None:
        self._flush()
        if self._writer:
            self._writer.close()

    def write(self, table: pa.Table) -> None:
        self._waiting.append(table)
        self.written += table.num_rows
        if sum(waiting.num_rows for waiting in self._waiting) >= ROWS_A_GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            self._writer = self._writer or pq.ParquetWriter(
                self._path, OBSERVATIONS_SCHEMA, compression="zstd"
            )
            self._writer.write_table(pa.concat_tables(self._waiting))
            self._waiting = []
