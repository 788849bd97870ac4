"""Repairs of a pipe that are safe to make without a human: resuming, refreshing file by file."""

from __future__ import annotations

import time
from dataclasses import replace

from inmet_platform.errors import WarehouseError
from inmet_platform.snowpipe.watch import Finding
from inmet_platform.warehouse.session import Session

REFRESHED_AT_ONCE = 50


def heal(
    session: Session, finding: Finding, *, resume_paused: bool, asked: dict[str, float]
) -> Finding:
    """Repair what is safe to repair without a human; return the finding with what was done.

    Args:
        session: whose role has OPERATE on the pipes.
        finding: of `diagnose`.
        resume_paused: whether a paused pipe is resumed.
        asked: landing keys that were refreshed lately, and when (epoch s): they are left out, and
            new ones are added.
    """
    try:
        if finding.entry.name == "PAUSED" and resume_paused:
            session.query("pipe/resume", table=finding.table)
            return replace(finding, done="It was resumed, since SNOWPIPE_RESUME_PAUSED is set.")
        if finding.entry.name in {"DEAD_NOTIFICATION", "MISSED_FILES"}:
            return _refreshed(session, finding, asked)
    except WarehouseError as error:  # what was found is told all the same
        return replace(finding, done=f"Mending it was refused: {error}")
    return finding


def _refreshed(session: Session, finding: Finding, asked: dict[str, float]) -> Finding:
    """Refresh each file by its whole name.

    In a pipe made anew, a shorter prefix would load again what the old pipe had loaded.
    """
    due = [file for file in finding.files if file.key not in asked][:REFRESHED_AT_ONCE]
    for file in due:
        session.query("pipe/refresh", table=finding.table, file_name=file.file_name)
        asked[file.key] = time.time()
    return replace(finding, done=f"{len(due)} of them were asked for by REFRESH." if due else "")
