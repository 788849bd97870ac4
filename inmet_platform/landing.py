"""From a raw object to the Parquet files that Snowpipe loads.

One raw object becomes one file of observations and, when it holds metadata blocks, one of
station headers, each row with its lineage. A landing key is a function of the content
(sha256 of every member, version of the reader, station named by the uploader), so the same
content, under whatever name, has the same key and is loaded once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from inmet_platform.bucket import Bucket
from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.inmet.readers import READER_VERSION, Member, Reading, members, read_observations
from inmet_platform.inmet.schema import OBSERVATION_SCHEMA
from inmet_platform.status import upload_id

OBSERVATIONS = "observations"
STATION_HEADERS = "station_headers"

LINEAGE = pa.schema(
    [
        pa.field("source_key", pa.string()),
        pa.field("source_member", pa.string()),
        pa.field("source_hash", pa.string()),
        pa.field("edition_at", pa.timestamp("us")),
    ]
)

LANDING_SCHEMAS = {
    OBSERVATIONS: pa.schema([*OBSERVATION_SCHEMA, *LINEAGE]),
    STATION_HEADERS: pa.schema(
        [
            pa.field("station_id", pa.string(), nullable=False),
            pa.field("station_name", pa.string()),
            pa.field("region", pa.string()),
            pa.field("uf", pa.string()),
            pa.field("latitude_deg", pa.float64()),
            pa.field("longitude_deg", pa.float64()),
            pa.field("altitude_m", pa.float64()),
            pa.field("founded_on", pa.date32()),
            *LINEAGE,
        ]
    ),
}


@dataclass(frozen=True)
class RawFile:
    """A raw object on local disk, with what S3 knows of it."""

    path: Path
    key: str
    name: str
    received_at: datetime
    station_id: str | None = None


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
    edition_at: datetime
    format: str | None = None
    stations: set[str] = field(default_factory=set)
    member_count: int = 0
    rows: int = 0
    observations: int = 0
    first_hour: datetime | None = None
    last_hour: datetime | None = None
    files: list[LandingFile] = field(default_factory=list)
    refusals: list[UnreadableFile] = field(default_factory=list)


def sha256_of(path: Path) -> str:
    """Hex digest of a file, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def land(
    raw: RawFile,
    bucket: Bucket,
    scratch: Path,
    progress: Callable[[int], None],
    *,
    salt: str = "",
) -> LandedFile:
    """Read every member of a raw object and put its landing files.

    Args:
        raw: the object.
        bucket: where `landing/` is.
        scratch: an empty folder for the files before they are put.
        progress: called with the number of members read so far.
        salt: part of the landing key, for content that must be loaded once more.

    Returns:
        Counts, landing files and refusals. A refused member keeps no other from landing.
    """
    digest = sha256_of(raw.path)
    landed = LandedFile(digest, upload_id(digest, raw.station_id), _as_utc(raw.received_at))
    content = hashlib.sha256(f"reader {READER_VERSION}\n{salt}".encode())
    with _Writers(scratch) as writers:
        for reading, member, member_hash in _readings(raw, landed, progress):
            content.update(f"{member_hash} {reading.report.station_id}\n".encode())
            lineage = _lineage(raw, member, member_hash)
            writers.write(OBSERVATIONS, _with_lineage(reading.table, lineage))
            if reading.header:
                row = {**asdict(reading.header), "station_name": reading.header.name, **lineage}
                table = pa.Table.from_pylist([row], LANDING_SCHEMAS[STATION_HEADERS])
                writers.write(STATION_HEADERS, table)
    for table, (path, rows) in writers.written.items():
        # The version in front: of two readings of the same bytes the newer reader's is greater.
        key = bucket.landing_key(table, f"{READER_VERSION:04}-{content.hexdigest()}")
        bucket.put_landing(path, key)
        landed.files.append(LandingFile(table, key, rows, path.stat().st_size))
    return landed


def _readings(
    raw: RawFile, landed: LandedFile, progress: Callable[[int], None]
) -> Iterator[tuple[Reading, Member, str]]:
    try:
        for member in members(raw.path, file=raw.name):
            landed.member_count += 1
            try:
                data = member.read()
                reading = read_observations(
                    data, file=raw.name, member=member.name, station_id=raw.station_id
                )
            except UnreadableFile as refusal:
                landed.refusals.append(refusal)
            except Exception as error:  # no crafted file may stop the others
                landed.refusals.append(
                    UnreadableFile(
                        Place(raw.name, member.name),
                        expected="a file that the reader understands",
                        found=f"{type(error).__name__}: {error}",
                        remedy="This is a fault of the reader: please report it with the file.",
                    )
                )
            else:
                _count(landed, reading, member)
                yield reading, member, hashlib.sha256(data).hexdigest()
            progress(landed.member_count)
    except UnreadableFile as refusal:  # the zip itself is broken
        landed.refusals.append(refusal)


def _count(landed: LandedFile, reading: Reading, member: Member) -> None:
    report = reading.report
    landed.format = "zip" if member.name else report.format
    landed.stations.add(str(report.station_id))
    landed.rows += report.rows
    landed.observations += report.observations
    landed.first_hour = min(filter(None, [landed.first_hour, report.first_hour]), default=None)
    landed.last_hour = max(filter(None, [landed.last_hour, report.last_hour]), default=None)
    if member.name is None:
        own = report.station_source == "file"
        landed.upload_id = upload_id(landed.sha256, None if own else report.station_id)


def _lineage(raw: RawFile, member: Member, member_hash: str) -> dict[str, object]:
    # A zip tells when each member was written; a single file is as old as its upload.
    return {
        "source_key": raw.key,
        "source_member": member.name,
        "source_hash": member_hash,
        "edition_at": member.modified_at or _as_utc(raw.received_at),
    }


def _with_lineage(table: pa.Table, lineage: dict[str, object]) -> pa.Table:
    for column in LINEAGE:
        value = pa.scalar(lineage[column.name], column.type)
        table = table.append_column(column, pa.repeat(value, table.num_rows))
    return table


def _as_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


class _Writers:
    """One open Parquet file a table, made when its first rows come."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[str, pq.ParquetWriter] = {}
        self.written: dict[str, tuple[Path, int]] = {}

    def __enter__(self) -> _Writers:
        return self

    def __exit__(self, *_: object) -> None:
        for writer in self._open.values():
            writer.close()

    def write(self, name: str, table: pa.Table) -> None:
        path = self._folder / f"{name}.parquet"
        if name not in self._open:
            self._open[name] = pq.ParquetWriter(path, LANDING_SCHEMAS[name], compression="zstd")
        self._open[name].write_table(table)
        self.written[name] = (path, self.written.get(name, (path, 0))[1] + table.num_rows)
