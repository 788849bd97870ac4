"""Stores a file under `raw/`, unless the same content is stored there already.

The upload service and the archive of INMET both bring files in by it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO, cast
from urllib.parse import quote

from inmet_platform.ledger.status import FileState, FileStatus, StateChange, upload_id
from inmet_platform.ledger.status_copy import read_status, write_status
from inmet_platform.storage.bucket import Bucket

if TYPE_CHECKING:
    from io import BufferedReader


@dataclass(frozen=True)
class Stored:
    """A stored file, and whether it was stored just now."""

    status: FileStatus
    is_new: bool


def describe(stream: BinaryIO, name: str) -> FileStatus:
    """The status of a file that was just received: hash and size, no key yet.

    Reads the file in pieces and leaves it at its beginning.
    """
    stream.seek(0)
    sha256 = hashlib.file_digest(cast("BufferedReader", stream), "sha256").hexdigest()
    size_bytes = stream.seek(0, 2)
    stream.seek(0)
    return FileStatus(
        id=upload_id(sha256),
        key="",
        name=name,
        sha256=sha256,
        size_bytes=size_bytes,
        history=[StateChange(state=FileState.RECEIVED, at=datetime.now(UTC))],
    )


def still_stored(bucket: Bucket, known: FileStatus | None) -> bool:
    """Whether a file is known, was not refused, and its bytes are in the bucket."""
    # Look into the bucket, because somebody may have deleted the object.
    return bool(known and known.state != FileState.REJECTED and bucket.exists(known.key))


def store(
    bucket: Bucket, stream: BinaryIO, status: FileStatus, metadata: Mapping[str, str]
) -> Stored:
    """Store a file unless the same content is stored already.

    The raw object is written first and its status second. After a crash in between, the chain
    still takes the raw object in.

    Args:
        bucket: where to.
        stream: the file, read from its beginning.
        status: what `describe` and the readers said of it.
        metadata: ASCII object metadata, beside hash, id and name.

    Raises:
        StorageError: S3 does not answer.
    """
    known = read_status(bucket, status.id)
    if known and still_stored(bucket, known):
        return Stored(known, is_new=False)
    stream.seek(0)
    own = {"sha256": status.sha256, "upload-id": status.id, "file-name": quote(status.name)}
    key = bucket.put_raw(stream, status.name, {**own, **metadata})
    status = status.model_copy(update={"key": key})
    if known:  # refused before, perhaps by an older reader, or deleted: it gets another chance
        write_status(bucket, status)
        return Stored(status, is_new=True)
    if write_status(bucket, status, only_new=True):
        return Stored(status, is_new=True)
    # Somebody sent the same content at the same time and was first; the ledger finds ours a
    # duplicate.
    return Stored(read_status(bucket, status.id) or status, is_new=False)
