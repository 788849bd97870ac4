"""Watches the pipes: finds out why landed files are not in RAW, and repairs what is safe to repair.

One look takes two statements, and neither wakes the warehouse: the state of all pipes, and the
files that the ledger waits for, which Snowflake answers from its result cache while the ledger is
unchanged. The load history and RAW are asked only when a file is overdue.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from inmet_platform.errors import WarehouseError
from inmet_platform.snowpipe.runbook import ENTRIES, Entry, entry_of
from inmet_platform.snowpipe.waiting import (
    ENDED,
    ExpectedFile,
    copy_history,
    pipe_of,
    pipe_states,
    pipe_status,
)
from inmet_platform.warehouse.session import Session
from inmet_platform.warehouse.sql import PIPE_TABLES
from inmet_platform.warehouse.timestamps import utc_now

# ALTER PIPE … REFRESH sees no older files.
REFRESH_SEES = timedelta(days=7)
NO_PIPE = "NO_PIPE"


@dataclass(frozen=True)
class PipeView:
    """A pipe as SYSTEM$PIPE_STATUS tells it, and the landed files that the ledger waits for."""

    table: str
    status: dict[str, Any]
    waiting: tuple[ExpectedFile, ...]

    @property
    def pipe(self) -> str:
        """Its name, such as RAW.OBSERVATIONS_PIPE."""
        return pipe_of(self.table)

    @property
    def state(self) -> str:
        """Snowflake's state, or NO_PIPE."""
        return str(self.status["executionState"])

    @property
    def pending(self) -> int:
        """Files that it has been told of and has not loaded."""
        return int(self.status.get("pendingFileCount") or 0)

    def moment(self, name: str) -> datetime | None:
        """A time of the status in UTC, such as lastIngestedTimestamp; None when it is not told."""
        text = str(self.status.get(name) or "")
        return datetime.fromisoformat(text.replace("Z", "")) if text else None

    def lag_s(self) -> float | None:
        """How long the oldest waiting file has been in landing/, in seconds; None without one."""
        if not self.waiting:
            return None
        return (utc_now() - min(file.landed_at for file in self.waiting)).total_seconds()

    def overdue(self, seconds: float) -> list[ExpectedFile]:
        """The waiting files that landed longer ago."""
        return [
            file for file in self.waiting if file.landed_at < utc_now() - timedelta(seconds=seconds)
        ]


@dataclass(frozen=True)
class Finding:
    """Something wrong with a pipe: the paragraph of the runbook, what was found, what was done.

    Its sentences hold no ages and no counts that change by themselves, so that a lasting problem is
    reported once.
    """

    table: str
    entry: Entry
    found: str
    files: tuple[ExpectedFile, ...] = ()
    done: str = ""

    @property
    def pipe(self) -> str:
        """Its name, such as RAW.OBSERVATIONS_PIPE."""
        return pipe_of(self.table)

    def __str__(self) -> str:
        done = f" {self.done}" if self.done else ""
        return f"{self.pipe}: {self.entry.name}. {self.found}{done} {self.entry.advice(self.pipe)}"


def view_pipes(session: Session) -> list[PipeView]:
    """All pipes, in two statements."""
    statuses = _statuses(session)
    waiting: dict[str, list[ExpectedFile]] = {table: [] for table in PIPE_TABLES}
    for row in session.query("load/select_waiting_files"):
        file = ExpectedFile(row["landing_key"], row["table_name"], row["landed_at"])
        waiting[file.table].append(file)
    return [PipeView(table, statuses[table], tuple(waiting[table])) for table in PIPE_TABLES]


def _statuses(session: Session) -> dict[str, dict[str, Any]]:
    try:
        return pipe_states(session)
    except WarehouseError as error:
        if "does not exist" not in error.message:
            raise
        return {table: _status_or_none(session, table) for table in PIPE_TABLES}


def _status_or_none(session: Session, table: str) -> dict[str, Any]:
    try:
        return pipe_status(session, pipe_of(table))
    except WarehouseError as error:
        if "does not exist" not in error.message:
            raise
        return {"executionState": NO_PIPE, "error": error.message}


def diagnose(session: Session, views: list[PipeView], *, overdue_s: float) -> list[Finding]:
    """What is wrong, pipe by pipe; an empty list when all is well.

    Args:
        session: asked only about files that are overdue.
        views: of `view_pipes`.
        overdue_s: how long, in seconds, a landed file may wait before it is looked into.
    """
    findings: list[Finding] = []
    for view in views:
        entry = ENTRIES[NO_PIPE] if view.state == NO_PIPE else entry_of(view.state)
        if not entry.goes_on:
            findings.append(Finding(view.table, entry, _sentence(view, entry)))
        elif overdue := view.overdue(overdue_s):
            findings += _why_not_loaded(session, view, overdue)
    return findings


def _sentence(view: PipeView, entry: Entry) -> str:
    error = f" Snowflake says: {view.status['error']}" if view.status.get("error") else ""
    state = "" if view.state == entry.name else f"Snowflake calls it {view.state}. "
    return f"{state}{entry.meaning}{error}"


def _why_not_loaded(
    session: Session, view: PipeView, overdue: list[ExpectedFile]
) -> Iterator[Finding]:
    """Say why files are overdue: refused, still in the queue, or never announced to the pipe."""
    oldest = min(file.landed_at for file in overdue)
    ended = {
        row["file_name"].rpartition("/")[2]: row
        for row in copy_history(session, view.table, oldest)
        if row["status"] in ENDED
    }
    refused = [row for file in overdue if (row := ended.get(file.file_name))]
    refused = [row for row in refused if row["status"] != "Loaded"]
    if refused:
        lines = [f"{row['file_name']}: {row['first_error_message']}" for row in refused[:5]]
        found = f"Snowpipe refused {len(refused)} file(s), such as {'; '.join(lines)}."
        yield Finding(view.table, ENTRIES["FAILED_FILES"], found)
    missing = _not_in_raw(session, view, [it for it in overdue if it.file_name not in ended])
    if missing and view.pending:
        yield Finding(view.table, ENTRIES["LAGGING"], _are_missing(missing))
    elif missing:
        yield from _never_told_of(view, missing)


def _not_in_raw(
    session: Session, view: PipeView, files: list[ExpectedFile]
) -> tuple[ExpectedFile, ...]:
    if not files:
        return ()
    rows = session.query(
        "load/select_keys_in_raw",
        table_name=f"RAW.{view.table.upper()}",
        landing_keys=[file.key for file in files],
    )
    in_raw = {row["landing_key"] for row in rows}
    return tuple(file for file in files if file.key not in in_raw)


def _are_missing(files: tuple[ExpectedFile, ...]) -> str:
    first = min(files, key=lambda file: file.landed_at)
    return (
        f"{len(files)} file(s) are not loaded, the oldest {first.key}, in landing/ since "
        f"{first.landed_at:%Y-%m-%d %H:%M} UTC."
    )


def _never_told_of(view: PipeView, missing: tuple[ExpectedFile, ...]) -> Iterator[Finding]:
    old = tuple(file for file in missing if file.landed_at < utc_now() - REFRESH_SEES)
    young = tuple(file for file in missing if file not in old)
    if old:
        yield Finding(view.table, ENTRIES["FILES_TOO_OLD"], _are_missing(old), old)
    if young:
        # Received may be for another pipe of the same channel; forwarded was for this one.
        heard = view.moment("lastForwardedMessageTimestamp")
        dead = heard is None or heard < min(file.landed_at for file in young)
        entry = ENTRIES["DEAD_NOTIFICATION" if dead else "MISSED_FILES"]
        yield Finding(view.table, entry, _are_missing(young), young)
