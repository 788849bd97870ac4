"""The copy of every file's status in S3, `status/<upload id>.json`.

The upload service reads it, and so need not know the warehouse. The ledger is the truth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from inmet_platform.ledger.status import FileState, FileStatus
from inmet_platform.storage.bucket import Bucket

if TYPE_CHECKING:
    from inmet_platform.ledger.ledger import Outcome

MOST_TOLD = 20
# Calls to S3 that are under way together; boto3 keeps ten connections.
AT_A_TIME = 8

Item = TypeVar("Item")


def read_status(bucket: Bucket, upload_id: str) -> FileStatus | None:
    """The status of an upload; None when there is none."""
    body = bucket.read(_key(bucket, upload_id))
    return None if body is None else FileStatus.model_validate_json(body)


def write_status(bucket: Bucket, status: FileStatus, *, only_new: bool = False) -> bool:
    """Write a status over the one before, or only when there is none; return whether it is."""
    return bucket.write_json(_key(bucket, status.id), status.model_dump_json(), only_new=only_new)


def copy_statuses(bucket: Bucket, outcomes: Sequence[Outcome]) -> None:
    """Write what became of raw objects; a duplicate changes no status."""
    told = [it for it in outcomes if it.state != FileState.DUPLICATE and it.landed.upload_id]
    _for_each(told, lambda outcome: _copy_status(bucket, outcome))


def _copy_status(bucket: Bucket, outcome: Outcome) -> None:
    landed, row = outcome.landed, outcome.row
    known = read_status(bucket, landed.upload_id)
    status = known or FileStatus(
        id=landed.upload_id,
        key=row["raw_key"],
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
    write_status(bucket, status.moved_to(outcome.state, error=outcome.error))


def advance(
    bucket: Bucket, upload_ids: Iterable[str], state: FileState, *, error: str | None = None
) -> None:
    """Move the status of some files one step further; one that is further already stays."""

    def move(upload_id: str) -> None:
        status = read_status(bucket, upload_id)
        if status and not status.is_beyond(state):
            write_status(bucket, status.moved_to(state, error=error))

    _for_each(list(upload_ids), move)


def _for_each(items: Sequence[Item], do: Callable[[Item], None]) -> None:
    """Do the same for every item, several at a time: S3 is waited for, not worked for."""
    with ThreadPoolExecutor(min(AT_A_TIME, len(items)) or 1) as pool:
        for _ in pool.map(do, items):
            pass


def _key(bucket: Bucket, upload_id: str) -> str:
    return f"{bucket.status_prefix}{upload_id}.json"
