"""Takes in raw objects: finds what is pending, lands it, writes it in the ledger.

Pending objects come from three sources: the events of S3 (the usual way; its cost does not grow
with the bucket), keys that a person names, and a comparison of the bucket with the ledger, which
finds objects without an event.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from inmet_platform.config.scratch import remove_dead_scratch, scratch_folder
from inmet_platform.errors import (
    ObjectForbidden,
    ObjectMissing,
    Place,
    StorageError,
    UnreadableFile,
)
from inmet_platform.inmet.published import ROWS_OF
from inmet_platform.intake.landing import Salts, land, time_of
from inmet_platform.intake.new_objects import (
    register_found,
    register_listed,
    register_new_objects,
)
from inmet_platform.intake.portions import portions
from inmet_platform.intake.station_headers import Header, RawFile
from inmet_platform.ledger.landed_file import LandedFile
from inmet_platform.ledger.lease import Lease, Say
from inmet_platform.ledger.ledger import Ledger, Outcome
from inmet_platform.ledger.status import FileState, upload_id
from inmet_platform.ledger.status_copy import copy_statuses
from inmet_platform.storage.bucket import Bucket
from inmet_platform.storage.events import RawEvents
from inmet_platform.warehouse.session import Row, Session
from inmet_platform.warehouse.timestamps import utc_now

SCRATCH = "inmet-raw-"


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
        self, bucket: Bucket, events: RawEvents, session: Session, lease: Lease, say: Say
    ) -> None:
        """Bind the endpoints and the lease `intake`; `say` is told of each file."""
        self.bucket = bucket
        self.events = events
        self.session = session
        self.ledger = Ledger(session)
        self.lease = lease
        self.say = say
        self._forced: set[str] = set()
        self._passed_by: set[str] = set()
        self._known_content: dict[str, str] = {}
        self._known_headers: dict[str, list[Header]] | None = None
        # Landing keys that Snowpipe refused, and so never takes again.
        self._refused_keys: frozenset[str] = frozenset()

    def find(
        self, keys: list[str], *, reconcile: bool, force: bool, found: Sequence[str] = ()
    ) -> None:
        """Bring what is new into the ledger: named keys, found ones, the listing, the events.

        Each named key must be there; what was found may be gone again.
        """
        self.ledger.register([self.bucket.head_raw(key)[0] for key in keys])
        register_found(self.bucket, self.ledger, found)
        self._forced = set(keys) if force else set()
        known = register_listed(self.bucket, self.ledger) if reconcile else {}
        register_new_objects(self.events, self.bucket, self.ledger, known, self.say)

    def take_all(self) -> Taken:
        """Land every received file. One run at a time does; another waits until it is done."""
        started = time.monotonic()
        remove_dead_scratch(SCRATCH)
        with self.lease.held(self.say):
            taken = Taken()
            # Only now: another run would take them as files like others.
            self.ledger.reopen(sorted(self._forced))
            while rows := self._received():
                self._known_content = self.ledger.known_content()
                if self._known_headers is None:  # asked once, and only when there is a file
                    self._known_headers = self.ledger.known_headers()
                    self._refused_keys = self.ledger.refused_landing_keys()
                for some in portions(rows):
                    self._take_some(some, taken)
        taken.seconds = time.monotonic() - started
        return taken

    def _received(self) -> list[Row]:
        return [row for row in self.ledger.received() if row["raw_key"] not in self._passed_by]

    def _take_some(self, rows: list[Row], taken: Taken) -> None:
        """Land files and write them down; those before an object that S3 does not give, too."""
        outcomes: list[Outcome] = []
        try:
            for row in rows:
                try:
                    outcomes.append(self._outcome(row))
                except ObjectForbidden as error:
                    self._pass_by(row["raw_key"], error, taken)
        except StorageError:
            self._write_down(outcomes, taken)
            raise
        self._write_down(outcomes, taken)

    def _write_down(self, outcomes: list[Outcome], taken: Taken) -> None:
        if outcomes:
            self.ledger.record(outcomes, self.lease)
            copy_statuses(self.bucket, outcomes)
        for outcome in outcomes:
            _add(taken, outcome)

    def _pass_by(self, key: str, error: ObjectForbidden, taken: Taken) -> None:
        """Leave an object that S3 refuses as it is: it may be allowed tomorrow."""
        self._passed_by.add(key)
        taken.passed_by += 1
        taken.refusals.append(f"{key} is passed by until the next run: {error}")
        self.say(taken.refusals[-1])

    def _outcome(self, row: Row) -> Outcome:
        try:
            landed, first = self._land(row)
        except ObjectMissing:
            landed, first = _gone(row), None
        outcome = Outcome(row, landed, *_judge(landed, first))
        if outcome.state == FileState.LANDED:
            self._known_content.setdefault(landed.upload_id, row["raw_key"])
        self.say(_sentence(outcome))
        return outcome

    def _land(self, row: Row) -> tuple[LandedFile, str | None]:
        """What became of an object, or the key of the first with the same bytes."""
        key = row["raw_key"]
        with scratch_folder(SCRATCH) as folder:
            path = folder / "raw"
            metadata = self.bucket.download_raw(key, row["size_bytes"], path)
            raw = RawFile(
                path,
                key,
                row["file_name"],
                # An object of a restored backup tells when it was first received.
                time_of(metadata, "received-at") or row["received_at"],
                station_id=metadata.get("station-id"),
                edition_at=time_of(metadata, "edition-at"),
            )
            if row["has_earlier_content"] and row["sha256"] == raw.sha256:
                # S3 says that it changed, and it did not: it is no newer than it was.
                raw = replace(raw, edition_at=row["edition_at"])
            first = self._first_with_content(raw)
            # What was put again belongs to its own key, whose earlier content is in RAW.
            if first and key not in self._forced and not row["has_earlier_content"]:
                return LandedFile(raw.sha256, upload_id(raw.sha256, raw.station_id)), first
            return self._land_new(raw, folder), None

    def _first_with_content(self, raw: RawFile) -> str | None:
        """The raw key under which the same bytes went through before; None when they are new."""
        ids = (raw.sha256, upload_id(raw.sha256, raw.station_id))
        keys = {self._known_content.get(it) for it in ids} - {None, raw.key}
        return min(keys, default=None)  # type: ignore[type-var]

    def _land_new(self, raw: RawFile, folder: Path) -> LandedFile:
        if raw.key in self._forced:
            # Read everything again. Snowpipe takes a path only once, so it needs another key.
            salts = Salts(always=str(utc_now()))
            return land(raw, self.bucket, folder, {}, self._tell, salts)
        salts = Salts(for_refused=raw.key, refused=self._refused_keys)
        return land(raw, self.bucket, folder, self._known_headers or {}, self._tell, salts)

    def _tell(self, members_read: int) -> None:
        if members_read > 1:
            self.say(f"{members_read} members read")


def _judge(landed: LandedFile, first: str | None) -> tuple[FileState, str | None]:
    if first:
        return FileState.DUPLICATE, f"the same content as {first}"
    if not landed.files:
        return FileState.REJECTED, "; ".join(str(refusal) for refusal in landed.refusals[:3])
    return FileState.LANDED, None


def _gone(row: Row) -> LandedFile:
    """A raw object that was deleted before its turn: refused, so that no run waits for it."""
    refusal = UnreadableFile(
        Place(row["file_name"]), expected=f"the object {row['raw_key']} in S3", found="none"
    )
    return LandedFile(row["sha256"] or "", row["upload_id"] or "", refusals=[refusal])


def _add(taken: Taken, outcome: Outcome) -> None:
    landed, state = outcome.landed, outcome.state
    taken.files += 1
    taken.size_bytes += outcome.row["size_bytes"]
    taken.duplicates += state == FileState.DUPLICATE
    taken.rejected_files += state == FileState.REJECTED
    taken.rejected_members += len(landed.refusals) if landed.files else 0
    taken.refusals += [str(refusal) for refusal in landed.refusals]
    if state == FileState.LANDED:
        taken.rows += landed.rows
        taken.observations += landed.observations


def _sentence(outcome: Outcome) -> str:
    name, landed = outcome.row["file_name"], outcome.landed
    if outcome.state != FileState.LANDED:
        return f"{name}: {outcome.state}: {outcome.error}"
    refused = f", {len(landed.refusals)} member(s) refused" if landed.refusals else ""
    held = "no hours"
    if landed.rows:
        kind = ROWS_OF.get(landed.format or "", "hours")
        held = f"{landed.rows:,} {kind}, {landed.observations:,} with a value"
    return f"{name}: {held}, {len(landed.stations)} station(s){refused}"
