"""Receiving one file: hash it, look at it, store it; never whole in memory unless it is one CSV."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, cast
from urllib.parse import quote

from inmet_platform.bucket import Bucket
from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.inmet.readers import is_zip, members, read_observations
from inmet_platform.inmet.readers.members import LARGEST_MEMBER_BYTES
from inmet_platform.inmet.readers.station import checked_station_id
from inmet_platform.status import FileState, FileStatus, StateChange, upload_id
from upload_service.problems import TooLarge, Unreadable, refusal_of

if TYPE_CHECKING:
    from io import BufferedReader

LONGEST_NAME_BYTES = 200


@dataclass(frozen=True)
class Received:
    """A stored file, and whether this upload stored it."""

    status: FileStatus
    is_new: bool


def receive(bucket: Bucket, stream: BinaryIO, name: str, station_id: str | None) -> Received:
    """Store an upload unless the same content is stored already.

    The raw object is put first and its status second: whoever dies in between leaves a raw
    object that the chain takes in all the same.

    Raises:
        Refusal: 413, 415 or 422, with the reader's sentence.
        StorageError: S3 does not answer.
    """
    name = clean_name(name)
    try:
        station = checked_station_id(station_id, Place(name)) if station_id else None
        status = _inspect(stream, name, station)
    except UnreadableFile as error:
        raise refusal_of(error) from error
    known = bucket.read_status(status.id)
    # Who says "known" without looking would lose what somebody deleted from the bucket.
    if known and known.state != FileState.REJECTED and bucket.exists(known.key):
        return Received(known, is_new=False)
    stream.seek(0)
    metadata = {"sha256": status.sha256, "upload-id": status.id, "file-name": quote(name)}
    if station:
        metadata["station-id"] = station
    status = status.model_copy(update={"key": bucket.put_raw(stream, name, metadata)})
    if known:  # refused before, perhaps by an older reader, or deleted: it gets another chance
        bucket.write_status(status)
        return Received(status, is_new=True)
    if bucket.create_status(status):
        return Received(status, is_new=True)
    # Somebody sent the same content at the same time and was first; the ledger finds ours a
    # duplicate.
    return Received(bucket.read_status(status.id) or status, is_new=False)


def clean_name(name: str) -> str:
    """A file name fit for a key: no folders, no control characters, at most 200 bytes."""
    base = PurePosixPath(name.replace("\\", "/")).name
    base = "".join(char for char in base if char.isprintable()).strip(" .") or "unnamed"
    suffix = PurePosixPath(base).suffix[:10]
    stem = base.removesuffix(suffix).encode()[: LONGEST_NAME_BYTES - len(suffix.encode())]
    return stem.decode(errors="ignore") + suffix


def _inspect(stream: BinaryIO, name: str, station: str | None) -> FileStatus:
    stream.seek(0)
    sha256 = hashlib.file_digest(cast("BufferedReader", stream), "sha256").hexdigest()
    size = stream.seek(0, 2)
    stream.seek(0)
    head = stream.read(4)
    stream.seek(0)
    now = datetime.now(UTC)
    status = FileStatus(
        id=upload_id(sha256, station if is_zip(head) else None),
        key="",
        name=name,
        sha256=sha256,
        size_bytes=size,
        history=[StateChange(state=FileState.RECEIVED, at=now)],
    )
    if is_zip(head):
        _check_zip(stream, name)
        return status.model_copy(update={"format": "zip"})
    if size > LARGEST_MEMBER_BYTES:
        raise TooLarge(LARGEST_MEMBER_BYTES)
    report = read_observations(stream.read(), file=name, station_id=station).report
    own = report.station_source == "file"
    return status.model_copy(
        update={
            "id": upload_id(sha256, None if own else report.station_id),
            "format": report.format,
            "station_id": report.station_id,
            "first_hour": report.first_hour,
            "last_hour": report.last_hour,
            "rows": report.rows,
            "observations": report.observations,
        }
    )


def _check_zip(stream: BinaryIO, name: str) -> None:
    """Its directory can be read and names a CSV; the chain reads the members one by one."""
    with _on_disk(stream) as path:
        names = [member.name or "" for member in members(path, file=name)]
    if not any(member.lower().endswith((".csv", ".txt")) for member in names):
        raise Unreadable(
            f"{name}: expected a zip with CSV files; found {', '.join(names[:3])}.",
            remedy="Zip the CSV files themselves.",
        )


@contextmanager
def _on_disk(stream: BinaryIO) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile(prefix="upload-") as file:
        shutil.copyfileobj(stream, file, 1 << 20)
        file.flush()
        yield Path(file.name)
