"""Merges loaded files into CLEAN, one MERGE for all of them, and writes it in the ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from inmet_platform.cleaning.series import judge_series
from inmet_platform.ledger.lease import Lease
from inmet_platform.ledger.status import FileState
from inmet_platform.ledger.status_copy import advance
from inmet_platform.storage.bucket import Bucket
from inmet_platform.warehouse.session import Session
from inmet_platform.warehouse.timestamps import utc_now


@dataclass(frozen=True)
class Merged:
    """The files of the batch, and the rows that the MERGE inserted or updated."""

    files: int
    rows_changed: int


def merge_loaded(
    session: Session, bucket: Bucket, lease: Lease, say: Callable[[str], None]
) -> Merged:
    """Merge every loaded file into CLEAN and mark it clean. One run at a time does.

    A file that Snowpipe loads meanwhile waits for the next batch. If a run dies between two
    statements, the next one merges the batch again, which changes nothing.

    Raises:
        LeaseLost: this run was held up, and another one has merged the batch.
    """
    with lease.held(say):
        session.execute("clean/create_batch_files")
        files = session.query("clean/select_batch_files")
        if not files:
            return Merged(0, 0)
        changed = merge_batch(session, lease.holder)
        if not lease.is_held():
            raise lease.lost()
        # First what is told, then what decides: after a kill in between the next run does both.
        advance(bucket, [row["upload_id"] for row in files], FileState.CLEAN)
        session.execute("clean/mark_files_clean", holder=lease.holder, now=utc_now())
    say(f"{len(files)} file(s) merged: {changed:,} hours new or changed")
    return Merged(len(files), changed)


def merge_batch(session: Session, holder: str) -> int:
    """Merge the newest values of the batch's files, then the flags of the series they touch.

    Args:
        session: with the temporary table BATCH_FILES.
        holder: the run that holds the lease `clean`.

    Returns:
        The rows that the first two MERGEs inserted, updated or deleted.
    """
    session.execute("clean/create_batch")
    session.execute("clean/create_sun_days")
    session.execute("clean/create_repeated_hours")
    session.execute("clean/create_mixed_hours")
    [period] = session.query("clean/select_batch_period")
    if period["from_hour"] is None:
        return 0
    changed = session.execute("clean/merge_observations", holder=holder, now=utc_now(), **period)
    [mixed] = session.query("clean/select_mixed_period")
    if mixed["from_hour"] is not None:
        changed += session.execute("clean/merge_mixed_hours", holder=holder, now=utc_now(), **mixed)
    session.execute("clean/create_touched_stations")
    judge_series(session)
    return changed
