"""Takes in raw objects: finds what is pending, claims it, lands it, writes it in the ledger.

Pending objects come from three sources: the events of S3 (the usual way; its cost does not grow
with the bucket), keys that a person names, and a comparison of the bucket with the ledger, which
finds objects without an event.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from inmet_platform.errors import ObjectForbidden, Place, StorageError, UnreadableFile
from inmet_platform.intake.landing import land
from inmet_platform.intake.station_headers import RawFile
from inmet_platform.ledger.landed_file import LandedFile
from inmet_platform.ledger.ledger import Ledger
from inmet_platform.ledger.status import FileState, upload_id
from inmet_platform.ledger.status_copy import copy_status
from inmet_platform.storage.bucket import Bucket
from inmet_platform.storage.events import RawEvent, RawEvents
from inmet_platform.warehouse.session import Row, Session
from inmet_platform.warehouse.timestamps import utc_now

Say = Callable[[str], None]


@dataclass
class Taken:
    """What one run took in, and passed by; rows are hours, observations hours with a value."""

    files: int = 0
    passed_by: int = 0
    rejected_files: int = 0
    rejected_members: int = 0
    duplicates: int = 0
    rows: int = 0
    observations: int = 0
    size_bytes: int = 0
    seconds: float = 0.0
    refusals: list[str] = field(default_factory=list)


class Intake:
    """One run's way through the pending raw objects."""

    def __init__(
        self, bucket: Bucket, events: RawEvents, session: Session, run_id: str, say: Say
    ) -> None:
        """Bind the endpoints; `say` is told of each file."""
        self.bucket = bucket
        self.events = events
        self.ledger = Ledger(session, run_id)
        self.say = say
        self._forced: set[str] = set()
        self._passed_by: set[str] = set()

    def find(self, keys: list[str], *, reconcile: bool, force: bool) -> None:
        """Bring what is new into the ledger: named keys, waiting events, then the listing."""
        self.ledger.register([self.bucket.head_raw(key)[0] for key in keys])
        if force:
            self.ledger.reopen(keys)
            self._forced = set(keys)
        self._drain_events()
        if reconcile:
            known = self.ledger.known_keys()
            self.ledger.register(item for item in self.bucket.list_raw() if item.key not in known)

    def _drain_events(self) -> None:
        # Asked first, because a receive that finds nothing waits a second for something to come.
        while self.events.depth().waiting and (events := self.events.receive()):
            # Only now: had this run died before, the messages would have come again.
            self.events.delete(self._registered(events))

    def _registered(self, events: list[RawEvent]) -> list[RawEvent]:
        """Bring the objects of messages into the ledger; return the messages that are done with."""
        try:
            self._register(events)
        except StorageError as error:
            # Does S3 fail, or only this message? One message must not stop the others.
            self.bucket.check()
            if len(events) > 1:
                return [done for event in events for done in self._registered([event])]
            self.say(f"an event of {', '.join(events[0].keys)[:200]} is left in the queue: {error}")
            return []
        return events

    def _register(self, events: list[RawEvent]) -> None:
        wanted = [
            key
            for event in events
            for key in event.keys
            if key.startswith(self.bucket.raw_prefix) and not key.endswith("/")
        ]
        there = [key for key in wanted if self.bucket.exists(key)]
        self.ledger.register([self.bucket.head_raw(key)[0] for key in there])

    def take_all(self) -> Taken:
        """Land every claimable file; wait for what another run holds until it is done or dead."""
        taken, started = Taken(), time.monotonic()
        try:
            while rows := self._claim():
                for row in rows:
                    try:
                        is_there = self.bucket.exists(row["raw_key"])
                    except ObjectForbidden as error:
                        self._pass_by(row["raw_key"], error, taken)
                    else:
                        self._take(row, taken, is_there=is_there)
        finally:
            self.ledger.release_claims()
        taken.seconds = time.monotonic() - started
        return taken

    def _claim(self) -> list[Row]:
        while not (rows := self._claimed()):
            others = self.ledger.foreign_claims()
            if not others:
                break
            for other in others:
                self.say(
                    f"run {other['claimed_by']} works on {other['file_count']} file(s); waiting "
                    f"until it is done or its claim ends at {other['claimed_until']:%H:%M:%S} UTC"
                )
            left = max(other["claimed_until"] for other in others) - utc_now()
            time.sleep(min(max(left / timedelta(seconds=1), 0.1), 2.0))
        return rows

    def _claimed(self) -> list[Row]:
        return [row for row in self.ledger.claim() if row["raw_key"] not in self._passed_by]

    def _pass_by(self, key: str, error: ObjectForbidden, taken: Taken) -> None:
        """Leave an object that S3 refuses as it is: it may be allowed tomorrow."""
        self._passed_by.add(key)
        taken.passed_by += 1
        taken.refusals.append(f"{key} is passed by until the next run: {error}")
        self.say(taken.refusals[-1])

    def _take(self, row: Row, taken: Taken, *, is_there: bool) -> None:
        key = row["raw_key"]
        landed, first = self._land(row) if is_there else (_gone(row), None)
        state, error = _judge(landed, first)
        self.ledger.keep_claims()
        self.ledger.record(key, state, landed, error)
        copy_status(self.bucket, key, row, landed, state, error)
        self._add(taken, row, landed, state)
        self.say(_sentence(row["file_name"], landed, state, error))

    def _land(self, row: Row) -> tuple[LandedFile, str | None]:
        """What became of an object, or the key of the first with the same bytes."""
        key = row["raw_key"]
        _, metadata = self.bucket.head_raw(key)
        with tempfile.TemporaryDirectory(prefix="inmet-") as folder:
            path = Path(folder) / "raw"
            self.bucket.download(key, path)
            raw = RawFile(
                path,
                key,
                row["file_name"],
                row["received_at"],
                station_id=metadata.get("station-id"),
                edition_at=_edition_at(metadata),
            )
            first = self.ledger.first_with_content(raw.sha256, raw.station_id, key)
            if first and key not in self._forced:
                return LandedFile(raw.sha256, upload_id(raw.sha256, raw.station_id)), first
            return self._land_new(raw, Path(folder)), None

    def _land_new(self, raw: RawFile, folder: Path) -> LandedFile:
        if raw.key in self._forced:
            # Read everything again. Snowpipe takes a path only once, so it needs another key.
            return land(raw, self.bucket, folder, {}, self._keep_claims, salt=str(utc_now()))
        return land(raw, self.bucket, folder, self.ledger.known_headers(), self._keep_claims)

    def _keep_claims(self, members_read: int) -> None:
        self.ledger.keep_claims()
        if members_read > 1:
            self.say(f"{members_read} members read")

    def _add(self, taken: Taken, row: Row, landed: LandedFile, state: FileState) -> None:
        taken.files += 1
        taken.size_bytes += row["size_bytes"]
        taken.duplicates += state == FileState.DUPLICATE
        taken.rejected_files += state == FileState.REJECTED
        taken.rejected_members += len(landed.refusals) if landed.files else 0
        taken.refusals += [str(refusal) for refusal in landed.refusals]
        if state == FileState.LANDED:
            taken.rows += landed.rows
            taken.observations += landed.observations


def _judge(landed: LandedFile, first: str | None) -> tuple[FileState, str | None]:
    if first:
        return FileState.DUPLICATE, f"the same content as {first}"
    if not landed.files:
        return FileState.REJECTED, "; ".join(str(refusal) for refusal in landed.refusals[:3])
    return FileState.LANDED, None


def _edition_at(metadata: dict[str, str]) -> datetime | None:
    """The edition's time as the sender gave it, in ISO 8601; None when he gave none."""
    try:
        return datetime.fromisoformat(metadata["edition-at"])
    except (KeyError, ValueError):
        return None


def _gone(row: Row) -> LandedFile:
    """A raw object that was deleted before its turn: refused, so that no run waits for it."""
    refusal = UnreadableFile(
        Place(row["file_name"]), expected=f"the object {row['raw_key']} in S3", found="none"
    )
    return LandedFile(row["sha256"] or "", row["upload_id"] or "", refusals=[refusal])


def _sentence(name: str, landed: LandedFile, state: FileState, error: str | None) -> str:
    if state != FileState.LANDED:
        return f"{name}: {state}: {error}"
    refused = f", {len(landed.refusals)} member(s) refused" if landed.refusals else ""
    return (
        f"{name}: {landed.rows:,} hours, {landed.observations:,} with an observation, "
        f"{len(landed.stations)} station(s){refused}"
    )
