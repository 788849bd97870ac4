"""Writes some members of a raw object to landing Parquet files: the work that runs in parallel.

Every process of the pool imports this module, so it knows only the readers and Arrow.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.inmet.published import PUBLISHED_FORMATS, PUBLISHED_SCHEMA
from inmet_platform.inmet.readers import Member, Reading, members, read_stations
from inmet_platform.inmet.schema import OBSERVATION_SCHEMA
from inmet_platform.intake.station_headers import (
    LINEAGE,
    Header,
    RawFile,
    header_of,
    sighting_of,
)
from inmet_platform.warehouse.timestamps import as_utc

OBSERVATIONS, PUBLISHED_VALUES = "observations", "published_values"

OBSERVATIONS_SCHEMA = pa.schema([*OBSERVATION_SCHEMA, *LINEAGE])
PUBLISHED_VALUES_SCHEMA = pa.schema([*PUBLISHED_SCHEMA, *LINEAGE])

ROWS_A_GROUP = 131_072


@dataclass(frozen=True)
class MemberRange:
    """Members `first` to `last` (excluded) of a raw object, and the readings known already."""

    raw: RawFile
    first: int
    last: int
    target: Path
    known: dict[str, list[Header]]  # by sha256; only of files that name their station themselves


@dataclass(frozen=True)
class WrittenFile:
    """A Parquet file, and the table that it is for, such as "observations"."""

    table: str
    path: Path
    rows: int


@dataclass
class WrittenMembers:
    """What became of a task: a header for each station of a member, refusals, the files written."""

    headers: list[Header] = field(default_factory=list)
    refusals: list[UnreadableFile] = field(default_factory=list)
    files: list[WrittenFile] = field(default_factory=list)
    source_hash: str = ""
    members: int = 0


def write_members(task: MemberRange) -> WrittenMembers:
    """Read the members and write the rows of those that are not known.

    The other members land even if one is refused. Headers of new readings have no
    `observations_key` yet: the landing key follows from `source_hash`.
    """
    part = WrittenMembers()
    content, written_before = hashlib.sha256(), set[str]()
    published = _Rows(task.target.with_suffix(".published"), PUBLISHED_VALUES_SCHEMA)
    with _Rows(task.target, OBSERVATIONS_SCHEMA) as observations, published:
        rows_of = {OBSERVATIONS: observations, PUBLISHED_VALUES: published}
        for member, data in _bytes(task, part):
            sha256 = hashlib.sha256(data).hexdigest()
            part.members += 1
            known = task.known.get(sha256, [])
            if known and all(task.raw.station_id in {None, it["station_id"]} for it in known):
                sightings = (sighting_of(task.raw, member, it["reading_id"]) for it in known)
                part.headers += [{**it, **seen} for it, seen in zip(known, sightings, strict=True)]
                continue
            for number, reading in enumerate(_read(task.raw, member, data, part)):
                header = header_of(task.raw, member, reading, sha256, number)
                part.headers.append(header)
                content.update(header["reading_id"].encode())
                # The same bytes under two names are one reading: its rows stand in the file once.
                table = table_of(header)
                if table and header["reading_id"] not in written_before:
                    rows_of[table].write(_with_lineage(reading.table, header))
                    written_before.add(header["reading_id"])
    part.source_hash = content.hexdigest()
    written = [WrittenFile(table, rows.path, rows.written) for table, rows in rows_of.items()]
    part.files = [file for file in written if file.rows]
    return part


def table_of(header: Header) -> str | None:
    """The table that a reading's rows are for; None for a catalogue's station, which has none."""
    if header["file_format"] == "catalogue":
        return None
    return PUBLISHED_VALUES if header["file_format"] in PUBLISHED_FORMATS else OBSERVATIONS


def _bytes(task: MemberRange, part: WrittenMembers) -> Iterator[tuple[Member, bytes]]:
    try:
        for member in islice(members(task.raw.path, file=task.raw.name), task.first, task.last):
            try:
                data = member.read()
            except UnreadableFile as refusal:
                part.members += 1
                part.refusals.append(refusal)
            else:
                yield member, data
    except UnreadableFile as refusal:  # the zip itself is broken
        part.refusals.append(refusal)


def _read(raw: RawFile, member: Member, data: bytes, part: WrittenMembers) -> list[Reading]:
    try:
        return read_stations(
            data,
            file=raw.name,
            member=member.name,
            station_id=raw.station_id,
            received_at=as_utc(raw.received_at),
        )
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
    return []


def _with_lineage(table: pa.Table, header: Header) -> pa.Table:
    for column in LINEAGE:
        value = pa.scalar(header[column.name], column.type)
        table = table.append_column(column, pa.repeat(value, table.num_rows))
    return table


class _Rows:
    """A Parquet file, made when its first rows come; row groups of a good size."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.path, self._schema = path, schema
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
                self.path, self._schema, compression="zstd"
            )
            self._writer.write_table(pa.concat_tables(self._waiting))
            self._waiting = []
