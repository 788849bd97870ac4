"""Mirrors the ledger's states as small objects under `status/`, for the upload service."""

from __future__ import annotations

from inmet_platform.bucket import Bucket
from inmet_platform.landing import LandedFile
from inmet_platform.status import FileState, FileStatus
from inmet_platform.warehouse import Row

MOST_TOLD = 20


def mirror(
    bucket: Bucket, key: str, row: Row, landed: LandedFile, state: FileState, error: str | None
) -> None:
    """Write what became of a raw object; a duplicate leaves the first one's alone."""
    if state == FileState.DUPLICATE or not landed.upload_id:
        return
    known = bucket.read_status(landed.upload_id)
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
    bucket.write_status(status.moved_to(state, error=error))


def advance(
    bucket: Bucket, upload_ids: list[str], state: FileState, *, error: str | None = None
) -> None:
    """Move the mirrored status of some files one step further."""
    for upload_id in upload_ids:
        status = bucket.read_status(upload_id)
        if status:
            bucket.write_status(status.moved_to(state, error=error))
