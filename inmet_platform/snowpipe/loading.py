"""Waits until Snowpipe has loaded the landed files, and writes it in the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from inmet_platform.errors import SnowpipeError
from inmet_platform.ledger.ledger import Ledger
from inmet_platform.ledger.status import FileState
from inmet_platform.ledger.status_copy import advance
from inmet_platform.snowpipe.waiting import EndedLoad, ExpectedFile, await_loads
from inmet_platform.storage.bucket import Bucket
from inmet_platform.warehouse.session import Row, Session


@dataclass
class Loaded:
    """What Snowpipe has loaded for this run: Parquet files, their rows and bytes; refusals.

    Attributes:
        waiting: raw objects that still wait for Snowpipe.
        stuck: why they do.
    """

    files: int = 0
    rows: int = 0
    size_bytes: int = 0
    refusals: list[str] = field(default_factory=list)
    waiting: int = 0
    stuck: SnowpipeError | None = None


def load_landed(
    session: Session, bucket: Bucket, deadline_s: float, say: Callable[[str], None]
) -> Loaded:
    """Wait for the landed files of the ledger; a raw object is loaded when all its files are.

    If Snowpipe refuses a file, its raw object is rejected with Snowpipe's error. If a file is
    stuck, its raw object stays `landed`. The others go on to CLEAN.
    """
    landed = _Landed(session, bucket, say)
    landed.take_what_is_in_raw()
    try:
        if landed.expected:
            landed.loaded.stuck = await_loads(
                session,
                list(landed.expected.values()),
                deadline_s=deadline_s,
                on_ended=landed.take,
            )
    finally:
        landed.mark_loaded()
    landed.loaded.waiting = sum(bool(missing) for missing in landed.missing.values())
    return landed.loaded


class _Landed:
    """The landed raw objects, each with the landing files that it still waits for."""

    def __init__(self, session: Session, bucket: Bucket, say: Callable[[str], None]) -> None:
        self._session, self._bucket, self._say = session, bucket, say
        self._ledger = Ledger(session)
        self._waiting: dict[str, list[Row]] = defaultdict(list)  # landing key -> raw objects
        self.missing: dict[str, set[str]] = defaultdict(set)  # raw key -> landing keys
        self._complete: list[str] = []  # raw keys
        self._as_of = datetime.min  # noqa: DTZ901 - TIMESTAMP_NTZ
        self.expected: dict[str, ExpectedFile] = {}
        self.loaded = Loaded()
        for row in session.query("load/select_landed_files"):
            key = row["landing_key"]
            self._waiting[key].append(row)
            self.missing[row["raw_key"]].add(key)
            self.expected[key] = ExpectedFile(key, row["table_name"], row["landed_at"])
            self._as_of = max(self._as_of, row["updated_at"])

    def take_what_is_in_raw(self) -> None:
        """Take files that were loaded long ago for another raw object: no history names them."""
        if self.expected:
            rows = self._session.query("load/select_landed_files_in_raw")
            # Another run may have landed more since the ledger was asked: they are the next run's.
            keys = [row["landing_key"] for row in rows if row["landing_key"] in self.expected]
            self.take([EndedLoad(self.expected.pop(key), None) for key in keys])

    def take(self, ended: list[EndedLoad]) -> None:
        """Tell S3's status and the log what loads have ended, and the ledger what is refused."""
        self._refuse([load for load in ended if load.refusal])
        uploads: dict[str, str] = {}
        for file in (load.file for load in ended if not load.refusal):
            rows = self._waiting[file.key]
            self.loaded.files += 1
            self.loaded.rows += rows[0]["row_count"] if file.table == "observations" else 0
            self.loaded.size_bytes += rows[0]["size_bytes"]
            self._say(f"Snowpipe loaded {file.key}: {rows[0]['row_count']:,} rows")
            for row in rows:
                missing = self.missing.get(row["raw_key"])  # none: another of its files is refused
                if missing is None:
                    continue
                missing.discard(file.key)
                if not missing:
                    uploads[row["raw_key"]] = row["upload_id"]
        self._complete += uploads
        advance(self._bucket, uploads.values(), FileState.LOADED)

    def mark_loaded(self) -> None:
        """Write in the ledger, once, what is loaded; after a kill before that the next run does."""
        if self._complete:
            self._ledger.mark_loaded(self._complete, self._as_of)

    def _refuse(self, refused: list[EndedLoad]) -> None:
        told = [
            (row, f"{row['file_name']}: Snowpipe refused {load.file.key}: {load.refusal}")
            for load in refused
            for row in self._waiting[load.file.key]
        ]
        if not told:
            return
        # At once, and first: who hears of it sends the file again, which then is no duplicate.
        self._ledger.refuse_loads([(row["raw_key"], message) for row, message in told], self._as_of)
        for row, message in told:
            # Its other files may still come, but it waits for none of them.
            self.missing.pop(row["raw_key"], None)
            advance(self._bucket, [row["upload_id"]], FileState.REJECTED, error=message)
            self.loaded.refusals.append(message)
            self._say(message)
