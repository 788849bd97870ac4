"""Waiting for Snowpipe: what COPY_HISTORY and PIPE_STATUS say of the files that must load.

It asks the load history in growing pauses until every file is loaded or refused, the pipe cannot
go on, or the deadline is over. Each of these ends has its own error, which is told and not raised:
what is loaded goes on, whatever else is stuck.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from inmet_platform.errors import (
    LoadTimeout,
    NotificationDead,
    PipePaused,
    PipeStalled,
    SnowpipeError,
)
from inmet_platform.snowpipe.runbook import ENTRIES, entry_of
from inmet_platform.warehouse.session import Row, Session
from inmet_platform.warehouse.sql import PIPE_TABLES
from inmet_platform.warehouse.timestamps import utc_now

FIRST_PAUSE_S = 0.1
# Who waits for a thousand files need not ask at once.
PAUSE_PER_FILE_S = 0.005
LONGEST_PAUSE_S = 10.0
# COPY_HISTORY refuses to look further back than 14 days.
HISTORY_KEPT = timedelta(days=13)
ENDED = {"Loaded", "Load failed", "Partially loaded"}


@dataclass(frozen=True)
class ExpectedFile:
    """A landing file that a pipe must load: its key, table (such as "observations"), time put."""

    key: str
    table: str
    landed_at: datetime

    @property
    def file_name(self) -> str:
        """The last part of the key, which no other file of the table has."""
        return self.key.rpartition("/")[2]


# By table and name: what COPY_HISTORY says of a file.
OpenFiles = dict[tuple[str, str], ExpectedFile]


def pipe_of(table: str) -> str:
    """The pipe that fills `RAW.<table>`."""
    return f"RAW.{table.upper()}_PIPE"


@dataclass(frozen=True)
class EndedLoad:
    """A file that Snowpipe is done with, and why it refused it; None when it is loaded."""

    file: ExpectedFile
    refusal: str | None


def await_loads(
    session: Session,
    expected: list[ExpectedFile],
    *,
    deadline_s: float,
    on_ended: Callable[[list[EndedLoad]], None],
) -> SnowpipeError | None:
    """Wait until Snowpipe has loaded or refused every file that may still come.

    Args:
        session: where the pipes are.
        expected: files in `landing/`.
        deadline_s: how long after it landed a file is waited for, in seconds. A file that landed
            before that is only looked for: a stuck file must not hold up every run.
        on_ended: called after each question with the files that have ended since the last one.
            Snowpipe never tries the path of a refused file again.

    Returns:
        Why the rest is not loaded; None when nothing is left.
    """
    open_files = {(file.table, file.file_name): file for file in expected}
    since = utc_now() - timedelta(seconds=deadline_s)
    awaited = sum(file.landed_at >= since for file in expected)
    for _ in rounds(deadline_s, FIRST_PAUSE_S + PAUSE_PER_FILE_S * awaited):
        if ended := _ended(session, open_files):
            on_ended(ended)
        for load in ended:
            open_files.pop((load.file.table, load.file.file_name), None)
        if not open_files:
            return None
        if ended:  # what loads is not stuck
            continue
        if stuck := _stuck(session, open_files):
            return stuck
        newest = max(file.landed_at for file in open_files.values())
        if utc_now() - newest > timedelta(seconds=deadline_s):
            return _overdue(session, open_files, deadline_s)
    raise AssertionError("rounds never end")


def rounds(deadline_s: float, first_pause_s: float = FIRST_PAUSE_S) -> Iterator[bool]:
    """Rounds of questions, with growing pauses from the first one on: is the deadline over?"""
    started, pause_s = time.monotonic(), min(first_pause_s, LONGEST_PAUSE_S)
    while True:
        yield time.monotonic() - started > deadline_s
        time.sleep(pause_s)
        pause_s = min(pause_s * 2, LONGEST_PAUSE_S)


def _ended(session: Session, open_files: OpenFiles) -> list[EndedLoad]:
    """The files whose load has ended, well or badly."""
    oldest = min(file.landed_at for file in open_files.values())
    ended = {}
    for row in session.query("load/select_loads", start_time=_history_since(oldest)):
        name = (row["table_name"], row["file_name"].rpartition("/")[2])
        if name in open_files and row["status"] in ENDED:
            ended[name] = EndedLoad(open_files[name], _refusal(row))
    return list(ended.values())


def _refusal(row: Row) -> str | None:
    if row["status"] == "Loaded":
        return None
    return f"{row['status']}: {row['first_error_message']}"


def copy_history(session: Session, table: str, oldest: datetime) -> list[Row]:
    """What COPY_HISTORY says of a table's files that landed at that time (UTC) or later."""
    return session.query(
        "load/select_copy_history",
        table_name=f"RAW.{table.upper()}",
        start_time=_history_since(oldest),
    )


def _history_since(oldest: datetime) -> str:
    return str(max(oldest - timedelta(hours=1), utc_now() - HISTORY_KEPT))


def pipe_states(session: Session) -> dict[str, dict[str, Any]]:
    """What `SYSTEM$PIPE_STATUS` says of the pipe of each table, in one statement."""
    [row] = session.query("load/select_pipe_states")
    return {table: json.loads(row[table]) for table in PIPE_TABLES}


def pipe_status(session: Session, pipe: str) -> dict[str, Any]:
    """What `SYSTEM$PIPE_STATUS` says of a pipe, such as RAW.OBSERVATIONS_PIPE."""
    rows = session.query("load/select_pipe_status", pipe_name=pipe)
    status: dict[str, Any] = json.loads(rows[0]["pipe_status"])
    return status


def _stuck(session: Session, open_files: OpenFiles) -> SnowpipeError | None:
    states = pipe_states(session)
    for table in sorted({table for table, _ in open_files}):
        if stuck := stuck_error(pipe_of(table), states[table]):
            return stuck
    return None


def stuck_error(pipe: str, status: dict[str, Any]) -> SnowpipeError | None:
    """The error for a pipe that will not go on by itself; None for one that may."""
    state = str(status["executionState"])
    entry = entry_of(state)
    if entry.goes_on:
        return None
    if entry.name == "PAUSED":
        return PipePaused(f"The pipe {pipe} is paused.", remedy=entry.advice(pipe))
    error = f": {status['error']}" if status.get("error") else ""
    return PipeStalled(
        f"The pipe {pipe} is {state}{error}. {entry.meaning}", remedy=entry.advice(pipe)
    )


def _overdue(session: Session, open_files: OpenFiles, deadline_s: float) -> SnowpipeError:
    file = next(iter(open_files.values()))
    pipe = pipe_of(file.table)
    status = pipe_status(session, pipe)
    since = f"that landed more than {deadline_s:.0f} s ago"
    what = f"{len(open_files)} file(s) {since}, such as {file.key}"
    # Received may be for another pipe of the same channel; forwarded was for this one.
    forwarded = str(status.get("lastForwardedMessageTimestamp") or "")
    heard = forwarded and datetime.fromisoformat(forwarded.replace("Z", "")) >= file.landed_at
    if not heard and not status.get("pendingFileCount"):
        return NotificationDead(
            f"No event reached {pipe} about {what}.",
            remedy=ENTRIES["DEAD_NOTIFICATION"].advice(pipe),
        )
    return LoadTimeout(
        f"{pipe} is at work ({status.get('pendingFileCount')} pending), but has not loaded {what}.",
        remedy="Nothing is lost: the next run looks for the same files.",
    )
