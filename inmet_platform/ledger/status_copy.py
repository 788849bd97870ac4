"""The copy of every file's status in S3, `status/<upload id>.json`.

The upload service reads it, and so need not know the warehouse. The ledger is the truth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from inmet_platform.ledger.landed_file import LandedFile
from inmet_platform.ledger.status import FileState, FileStatus
from inmet_platform.storage.bucket import Bucket

if TYPE_CHECKING:
    from inmet_platform.warehouse.session import Row

MOST_TOLD = 20


def read_status(bucket: Bucket, upload_id: str) -> FileStatus | None:
    """The status of an upload; None when there is none."""
    body = bucket.read(_key(bucket, upload_id))
    return None if body is None else FileStatus.model_validate_json(body)


def write_status(bucket: Bucket, status: FileStatus, *, only_new: bool = False) -> bool:
    """Write a status over the one before, or only when there is none; return whether it is."""
    return bucket.write_json(_key(bucket, status.id), status.model_dump_json(), only_new=only_new)


def copy_status(
    bucket: Bucket, key: str, row: Row, landed: LandedFile, state: FileState, error: str | None
) -> None:
    """Write what became of a raw object; a duplicate changes no status."""
    if state == FileState.DUPLICATE or not landed.upload_id:
        return
    known = read_status(bucket, landed.upload_id)
    status = known or FileStatus(
        id=landed.upload_id,
        key=key,
        name=row["file_name"],
        sha256=landed.sha256,
        size_bytes=row["size_bytes"],
    )
    status = status.model_copy(
        update={
            "format": landed.format,
            "station_id": next(iter(landed.stations)) if len(landed.stations) == 1 else None,
            "first_hour": landed.first_hour,
            "last_hour": landed.last_hour,
            "rows": landed.rows,
            "observations": landed.observations,
            "rejected_members": [str(it) for it in landed.refusals[:MOST_TOLD]]
            if landed.files
            else [],
        }
    )
    write_status(bucket, status.moved_to(state, error=error))


def advance(
    bucket: Bucket, upload_ids: list[str], state: FileState, *, error: str | None = None
) -> None:
    """Move the status of some files one step further."""
    for upload_id in upload_ids:
        status = read_status(bucket, upload_id)
        if status:
            write_status(bucket, status.moved_to(state, error=error))


def _key(bucket: Bucket, upload_id: str) -> str:
    return f"{bucket.status_prefix}{upload_id}.json"
