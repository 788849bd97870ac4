"""Metadata values that several assets and checks show."""

from collections.abc import Iterable
from datetime import UTC
from typing import Any

import dagster as dg

from inmet_platform.ledger.status import PENDING
from inmet_platform.warehouse.session import Row


def bullets(lines: Iterable[str]) -> dg.MarkdownMetadataValue:
    """A list in Markdown; `none` without any line."""
    return dg.MetadataValue.md("\n".join(f"- {line}" for line in lines) or "none")


def files_by_state(states: list[Row]) -> dict[str, Any]:
    """How many files are in each state; since when, in epoch seconds, the oldest waits.

    Args:
        states: of `load/count_files_by_state`.
    """
    waiting = [row["oldest_received_at"] for row in states if row["state"] in PENDING]
    return {
        "files_by_state": {row["state"]: row["file_count"] for row in states},
        **({"oldest_waiting_at": min(waiting).replace(tzinfo=UTC).timestamp()} if waiting else {}),
    }
