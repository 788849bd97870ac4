"""Replaces a pipe without losing or doubling a file.

`CREATE OR REPLACE PIPE` forgets which files were loaded, and the events in flight. So nothing may
load while it happens, and afterwards only those files of `landing/` are refreshed, each by its
whole name, of which RAW holds no row: RAW keeps the landing key of every row. A refresh of the
whole pipe would load again what the old pipe had loaded.

If this is interrupted, call it again: every step looks at what is there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from inmet_platform.config.settings import Settings
from inmet_platform.errors import LoadTimeout, RawDiffers
from inmet_platform.snowpipe.waiting import (
    HISTORY_KEPT,
    copy_history,
    pipe_of,
    pipe_status,
    rounds,
)
from inmet_platform.storage.bucket import Bucket
from inmet_platform.storage.listing import RawObject
from inmet_platform.warehouse.bootstrap import ddl, owner_session
from inmet_platform.warehouse.session import Session, open_session
from inmet_platform.warehouse.timestamps import utc_now

TAG = "inmet:pipe-recreate"
# REFRESH sees what was put in the last seven days; an older file is put again first.
REFRESH_SEES = timedelta(days=6)

Say = Callable[[str], None]


@dataclass
class _Replacement:
    """One table's pipe: who asks, who owns, and how long to wait at each step."""

    session: Session
    owner: Session
    bucket: Bucket
    table: str
    deadline_s: float
    say: Say


def recreate_pipe(settings: Settings, table: str, deadline_s: float, say: Say) -> None:
    """Wait until the pipe is idle, pause it, replace it, load what is missing, compare the rows.

    Args:
        settings: an administrator's, or of the role that owns the pipe.
        table: of `PIPE_TABLES`, such as "observations".
        deadline_s: how long to wait at each step at the longest, in seconds.
        say: told a sentence after each step.

    Raises:
        LoadTimeout: the pipe is not idle in time, or missing files are not loaded in time.
        RawDiffers: RAW does not hold the rows of `landing/` once each.
    """
    bucket = Bucket.from_settings(settings)
    with (
        open_session(settings, tag=TAG) as session,
        owner_session(settings, session, TAG) as owner,
    ):
        work = _Replacement(session, owner, bucket, table, deadline_s, say)
        refused = _settle_and_pause(work)
        _replace(work, grants=settings.bootstrap_account)
        _load_missing(work, refused)
        _compare(work)


def _settle_and_pause(work: _Replacement) -> set[str]:
    """Pause the pipe while nothing loads; return the names that it refused.

    Files that arrive while it is paused are found missing afterwards.
    """
    pipe = pipe_of(work.table)
    for is_over in rounds(work.deadline_s):
        status = pipe_status(work.session, pipe)
        running = status["executionState"] == "RUNNING"
        # An event still in the channel may be of a file that a refresh has loaded already: the new
        # pipe would take it for new.
        outstanding = status.get("numOutstandingMessagesOnChannel")
        if not outstanding and not (running and status.get("pendingFileCount")):
            states = _paused_states(work, was_running=running)
            if states is not None:
                work.say(f"{pipe} is paused, and nothing is being loaded")
                return {name for name, state in states.items() if state == "Load failed"}
        if is_over:
            raise LoadTimeout(
                f"{pipe} still has {status.get('pendingFileCount')} file(s) to load and "
                f"{outstanding} event(s) on their way after {work.deadline_s:.0f} s.",
                remedy="Run again when it is done, or with a longer --deadline-s.",
            )
    raise AssertionError("rounds never end")


def _paused_states(work: _Replacement, *, was_running: bool) -> dict[str, str] | None:
    """What the history says of a pipe that is paused now; None when a load is still on its way."""
    work.owner.query("pipe/pause", table=work.table)
    pending = pipe_status(work.session, pipe_of(work.table)).get("pendingFileCount")
    states = _states(work)
    if "Load in progress" not in states.values() and not (was_running and pending):
        return states
    if was_running:  # a file came between the question and the pause: let it load
        work.owner.query("pipe/resume", table=work.table)
    return None


def _states(work: _Replacement, since: datetime | None = None) -> dict[str, str]:
    """The last state of every file that the history has, by name."""
    rows = copy_history(work.session, work.table, since or utc_now() - HISTORY_KEPT)
    return {_name(row["file_name"]): row["status"] for row in rows}


def _replace(work: _Replacement, *, grants: bool) -> None:
    [name] = [name for name in ddl(work.session.statements)[1] if name.endswith(work.table)]
    text = work.session.statements.text(name)
    replacing = text.replace("CREATE PIPE IF NOT EXISTS", "CREATE OR REPLACE PIPE")
    work.owner.query_text(replacing)
    if grants:  # they went with the old pipe
        ending = f"_grant_{work.table}_pipe_to_loader"
        [grant] = [it for it in work.session.statements.names("grants") if it.endswith(ending)]
        work.owner.execute(grant)
    work.say(f"{pipe_of(work.table)} is replaced, and runs")


def _load_missing(work: _Replacement, refused: set[str]) -> None:
    """Have the new pipe load what RAW has no row of; a file that was refused stays refused."""
    there, began = _rows_in_raw(work), utc_now()
    missing = [
        item
        for item in work.bucket.list_landing(work.table)
        if item.key not in there and _name(item.key) not in refused
    ]
    for item in missing:
        _refresh(work, item)
    work.say(f"{len(missing)} file(s) of landing/{work.table}/ were not in RAW")
    open_keys = {item.key for item in missing}
    for is_over in rounds(work.deadline_s):
        open_keys -= _ended(work, open_keys, began) if open_keys else set()
        if not open_keys:
            return
        if is_over:
            raise LoadTimeout(
                f"{pipe_of(work.table)} has not loaded {len(open_keys)} file(s), such as "
                f"{min(open_keys)}, after {work.deadline_s:.0f} s.",
                remedy="Run again later: it goes on from here.",
            )


def _ended(work: _Replacement, open_keys: set[str], began: datetime) -> set[str]:
    """Those that are in RAW now, and those that the new pipe refused."""
    states, there = _states(work, began), _rows_in_raw(work)
    refused = {key for key in open_keys if states.get(_name(key)) == "Load failed"}
    for key in sorted(refused):
        work.say(f"{key} was refused; COPY_HISTORY says why")
    return refused | (open_keys & there.keys())


def _name(key: str) -> str:
    return key.rpartition("/")[2]


def _refresh(work: _Replacement, item: RawObject) -> None:
    if datetime.now(UTC) - item.last_modified > REFRESH_SEES:
        work.bucket.renew(item.key)
    work.owner.query("pipe/refresh", table=work.table, file_name=_name(item.key))


def _rows_in_raw(work: _Replacement) -> dict[str, int]:
    rows = work.session.query("pipe/count_by_landing_key", table=work.table)
    return {row["landing_key"]: row["row_count"] for row in rows}


def _compare(work: _Replacement) -> None:
    """Rows in RAW against rows of the Parquet files, as the ledger knows them."""
    there = _rows_in_raw(work)
    known = work.session.query("pipe/select_landing_rows", table_name=work.table)
    landed = {row["landing_key"]: row["row_count"] for row in known}
    wrong = sorted(key for key, count in there.items() if landed.get(key, count) != count)
    if wrong:
        raise RawDiffers(
            f"{len(wrong)} landing file(s) have other rows in RAW than in their Parquet, such as "
            f"{wrong[0]}: {there[wrong[0]]} and {landed[wrong[0]]}.",
            remedy="RAW.LANDING_FILES holds the rows of each; delete the file's rows from RAW "
            "(landing_key) and run again.",
        )
    work.say(f"RAW.{work.table.upper()} holds {len(there)} landing file(s), each once")
