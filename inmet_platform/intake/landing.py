"""From a raw object to the Parquet files that Snowpipe loads.

Several processes read a zip. Each writes the rows of some members to one Parquet file a table; one
more file holds a header for each member. The landing key depends on the content alone, so the same
content has the same key under any name and is loaded once. Members that were landed before are not
landed again: their header names the file that holds them.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from inmet_platform.errors import UnreadableFile
from inmet_platform.inmet.readers import READER_VERSION, members
from inmet_platform.intake.members_to_parquet import (
    MemberRange,
    WrittenMembers,
    table_of,
    write_members,
)
from inmet_platform.intake.station_headers import STATION_HEADERS_SCHEMA, Header, RawFile
from inmet_platform.ledger.landed_file import LandedFile, LandingFile
from inmet_platform.ledger.status import upload_id
from inmet_platform.storage.bucket import Bucket

STATION_HEADERS = "station_headers"

# Snowflake recommends files of 100 to 250 MB. This much CSV gives a tenth of that, so that every
# process has a share of a yearly zip.
PART_BYTES = 50_000_000


@dataclass(frozen=True)
class Salts:
    """What goes into a landing key beside the content, because Snowpipe takes a key only once.

    Attributes:
        always: for content that must be loaded once more; empty otherwise.
        refused: landing keys that Snowpipe refused.
        for_refused: for content whose key is among those.
    """

    always: str = ""
    refused: frozenset[str] = frozenset()
    for_refused: str = ""


NO_SALT = Salts()


def land(
    raw: RawFile,
    bucket: Bucket,
    scratch: Path,
    known: dict[str, list[Header]],
    progress: Callable[[int], None],
    salts: Salts = NO_SALT,
) -> LandedFile:
    """Read every member of a raw object and put its landing files.

    Args:
        raw: the object.
        bucket: where `landing/` is.
        scratch: an empty folder for the files before they are put.
        known: headers of members that are in RAW already, by sha256.
        progress: called with the number of members read so far.
        salts: what goes into landing keys beside the content.

    Returns:
        Counts, landing files and refusals. The other members land even if one is refused.
    """
    landed = LandedFile(raw.sha256, upload_id(raw.sha256, raw.station_id))
    headers: list[Header] = []
    tasks, refusals = _tasks(raw, scratch, known)
    landed.refusals += refusals
    for part in _written(tasks):
        for header in part.headers:
            if table := table_of(header):
                key = _key(bucket, table, part.source_hash, salts)
                header["observations_key"] = header["observations_key"] or key
        headers += part.headers
        landed.refusals += part.refusals
        landed.member_count += part.members
        for file in part.files:
            key = _key(bucket, file.table, part.source_hash, salts)
            landed.files.append(_put(bucket, file.table, file.path, key, file.rows))
        progress(landed.member_count)
    if headers:
        headers.sort(key=lambda header: (header["source_member"] or "", header["reading_id"]))
        _count(landed, headers)
        landed.upload_id = _upload_id(raw, headers[0])
        landed.files.append(_put_headers(bucket, scratch, headers, salts))
    return landed


def _tasks(
    raw: RawFile, scratch: Path, known: dict[str, list[Header]]
) -> tuple[list[MemberRange], list[UnreadableFile]]:
    """Neighbouring members of some size together; a broken zip has none."""
    ends, count, size = [0], 0, 0
    try:
        for count, member in enumerate(members(raw.path, file=raw.name), start=1):
            size += member.size_bytes
            if size >= PART_BYTES:
                ends.append(count)
                size = 0
    except UnreadableFile as refusal:
        return [], [refusal]
    if ends[-1] < count:
        ends.append(count)
    return [
        MemberRange(raw, first, last, scratch / f"{first}.parquet", known)
        for first, last in pairwise(ends)
    ], []


def _written(tasks: list[MemberRange]) -> Iterator[WrittenMembers]:
    """Yield what each range of members became, as it is done; by a pool when that saves time."""
    if len(tasks) < 2:
        yield from map(write_members, tasks)
        return
    # Spawned: the run has threads, which do not survive a fork.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=context) as pool:
        try:
            for future in as_completed([pool.submit(write_members, task) for task in tasks]):
                yield future.result()
        except BaseException:
            # The pool would first do every task, which nobody waits for any more.
            for process in multiprocessing.active_children():
                process.terminate()
            raise


def _key(bucket: Bucket, table: str, content: str, salts: Salts) -> str:
    key = bucket.landing_key(table, _name(content + salts.always))
    return (
        bucket.landing_key(table, _name(content + salts.for_refused))
        if key in salts.refused
        else key
    )


def _name(content: str) -> str:
    # The version in front: it says which reader made the file.
    return f"{READER_VERSION:04}-{hashlib.sha256(content.encode()).hexdigest()}"


def _put(bucket: Bucket, table: str, path: Path, key: str, rows: int) -> LandingFile:
    bucket.put_landing(path, key)
    size = path.stat().st_size
    path.unlink()
    return LandingFile(table, key, rows, size)


def _put_headers(bucket: Bucket, scratch: Path, headers: list[Header], salts: Salts) -> LandingFile:
    path = scratch / "headers.parquet"
    table = pa.Table.from_pylist(headers, STATION_HEADERS_SCHEMA)
    pq.write_table(table, path, compression="zstd")
    # A header is a sighting: the same bytes in another object, or of another age, are another;
    # also when their rows turned out to be in another file since a killed run put the first.
    names = ("source_key", "edition", "reading_id", "observations_key")
    content = "\n".join(" ".join(str(header[name]) for name in names) for header in headers)
    key = _key(bucket, STATION_HEADERS, content, salts)
    return _put(bucket, STATION_HEADERS, path, key, len(headers))


def _upload_id(raw: RawFile, header: Header) -> str:
    if header["source_member"]:
        return upload_id(raw.sha256, raw.station_id)
    named = None if header["station_source"] == "file" else header["station_id"]
    return upload_id(raw.sha256, named)


def _count(landed: LandedFile, headers: list[Header]) -> None:
    landed.format = "zip" if headers[0]["source_member"] else headers[0]["file_format"]
    landed.stations = {header["station_id"] for header in headers}
    landed.rows = sum(header["row_count"] for header in headers)
    landed.observations = sum(header["observation_count"] for header in headers)
    hourly = [header for header in headers if header["first_hour"]]
    landed.first_hour = min((header["first_hour"] for header in hourly), default=None)
    landed.last_hour = max((header["last_hour"] for header in hourly), default=None)
    landed.edition_at = max(header["edition_at"] for header in headers)


def time_of(metadata: dict[str, str], name: str) -> datetime | None:
    """A time that the object's metadata gives in ISO 8601, such as the edition's; or None."""
    try:
        return datetime.fromisoformat(metadata[name])
    except (KeyError, ValueError):
        return None
