"""Waits until Snowpipe has loaded the landed files, and writes each in the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from inmet_platform.ledger.ledger import Ledger
from inmet_platform.ledger.status import FileState
from inmet_platform.ledger.status_copy import advance
from inmet_platform.snowpipe.waiting import ExpectedFile, await_loads
from inmet_platform.storage.bucket import Bucket
from inmet_platform.warehouse.session import Row, Session
from inmet_platform.warehouse.timestamps import utc_now


@dataclass
class Loaded:
    """What Snowpipe has loaded for this run: Parquet files, their rows and bytes; refusals."""

    files: int = 0
    rows: int = 0
    size_bytes: int = 0
    refusals: list[str] = field(default_factory=list)


def load_landed(
    session: Session, bucket: Bucket, deadline_s: float, say: Callable[[str], None]
) -> Loaded:
    """Wait for every landed file of the ledger; a raw object is loaded when all its files are.

    If Snowpipe refuses a file, its raw object is rejected with Snowpipe's error; the others go on
    to CLEAN.

    Raises:
        SnowpipeError: see `snowpipe.await_loads`; what was loaded before it is written down.
    """
    landed = _Landed(session, bucket, say)
    landed.take_what_is_in_raw()
    if landed.expected:
        await_loads(
            session,
            list(landed.expected.values()),
            deadline_s=deadline_s,
            on_loaded=landed.take,
            on_refused=landed.refuse,
        )
    return landed.loaded


class _Landed:
    """The landed raw objects, each with the landing files that it still waits for."""

    def __init__(self, session: Session, bucket: Bucket, say: Callable[[str], None]) -> None:
        self._session, self._bucket, self._say = session, bucket, say
        self._waiting: dict[str, list[Row]] = defaultdict(list)  # landing key -> raw objects
        self._missing: dict[str, set[str]] = defaultdict(set)  # raw key -> landing keys
        self.expected: dict[str, ExpectedFile] = {}
        self.loaded = Loaded()
        for row in session.query("load/select_landed_files"):
            key = row["landing_key"]
            self._waiting[key].append(row)
            self._missing[row["raw_key"]].add(key)
            self.expected[key] = ExpectedFile(key, row["table_name"], row["landed_at"])

    def take_what_is_in_raw(self) -> None:
        """Take files that were loaded long ago for another raw object: no history names them."""
        if self.expected:
            for row in self._session.query("load/select_landed_files_in_raw"):
                self.take(self.expected.pop(row["landing_key"]))

    def take(self, file: ExpectedFile) -> None:
        row = self._waiting[file.key][0]
        self.loaded.files += 1
        self.loaded.rows += row["row_count"] if file.table == "observations" else 0
        self.loaded.size_bytes += row["size_bytes"]
        for waiting in self._waiting[file.key]:
            raw_key = waiting["raw_key"]
            self._missing[raw_key].discard(file.key)
            if not self._missing[raw_key]:
                self._session.execute("load/mark_file_loaded", raw_key=raw_key, now=utc_now())
                advance(self._bucket, [waiting["upload_id"]], FileState.LOADED)
        self._say(f"Snowpipe loaded {file.key}: {row['row_count']:,} rows")

    def refuse(self, file: ExpectedFile, error: str) -> None:
        for waiting in self._waiting[file.key]:
            message = f"{waiting['file_name']}: Snowpipe refused {file.key}: {error}"
            Ledger.refuse_load(self._session, waiting["raw_key"], message)
            advance(self._bucket, [waiting["upload_id"]], FileState.REJECTED, error=message)
            self.loaded.refusals.append(message)
            self._say(message)
