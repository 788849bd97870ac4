"""How far a file is in the chain: its states, and the id that makes two uploads the same.

The id is the sha256 of the bytes, with the station when the file itself does not name one.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

from pydantic import BaseModel, Field


class FileState(StrEnum):
    """The way of a file; `rejected` and `duplicate` end it, `clean` is the goal."""

    RECEIVED = "received"
    LANDED = "landed"
    LOADED = "loaded"
    CLEAN = "clean"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"


# On its way to CLEAN.
PENDING = frozenset({FileState.RECEIVED, FileState.LANDED, FileState.LOADED})


class StateChange(BaseModel):
    """One step of the way, with its time (UTC)."""

    state: FileState
    at: datetime


class FileStatus(BaseModel):
    """One uploaded file, as `status/<id>.json` holds it. Times are UTC."""

    id: str = Field(description="sha256 of the content, `-<station>` when the uploader named it")
    key: str = Field(description="S3 key of the raw object that holds the bytes")
    name: str = Field(description="file name as it was uploaded")
    sha256: str
    size_bytes: int
    format: str | None = None
    station_id: str | None = Field(None, description="null for a zip of several stations")
    first_hour: datetime | None = None
    last_hour: datetime | None = None
    rows: int | None = Field(None, description="hours in the file, with or without an observation")
    observations: int | None = Field(None, description="hours that hold at least one value")
    rejected_members: list[str] = Field(
        default=[], description="what no reader accepts in a zip, and why; the first twenty"
    )
    state: FileState = FileState.RECEIVED
    error: str | None = None
    history: list[StateChange] = []

    def is_beyond(self, state: FileState) -> bool:
        """Whether another run has brought it further on its way to CLEAN already."""
        way = [FileState.RECEIVED, FileState.LANDED, FileState.LOADED, FileState.CLEAN]
        return {state, self.state} <= set(way) and way.index(self.state) > way.index(state)

    def moved_to(self, state: FileState, *, error: str | None = None) -> FileStatus:
        """The same file one step further; repeating the present state changes nothing."""
        if state == self.state and self.history and error == self.error:
            return self
        change = StateChange(state=state, at=datetime.now(UTC))
        return self.model_copy(
            update={"state": state, "error": error, "history": [*self.history, change]}
        )


def upload_id(sha256: str, station_id: str | None = None) -> str:
    """The id of an upload: `station_id` only when the uploader named it and the file does not."""
    return f"{sha256}-{station_id}" if station_id else sha256
