"""The ledger `RAW.FILES`: which raw objects there are, and how far each is.

The ledger alone says what is pending. A killed run leaves its rows in their last state, and the
next run continues from there. Files are written down in portions, each by the same few statements,
because a statement costs Snowflake some tenths of a second whether it names one file or a thousand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from inmet_platform.errors import UnreadableFile
from inmet_platform.inmet.readers import READER_VERSION
from inmet_platform.ledger.landed_file import LandedFile
from inmet_platform.ledger.lease import Lease
from inmet_platform.ledger.status import FileState
from inmet_platform.storage.listing import RawObject
from inmet_platform.warehouse.session import Row, Session
from inmet_platform.warehouse.timestamps import as_utc, utc_now

# Keys in a statement, whose text Snowflake limits to 1 MB.
AT_ONCE = 5000
# Of a file; the others are summed in one row.
MOST_REFUSALS = 200

Item = TypeVar("Item")


@dataclass(frozen=True)
class Outcome:
    """What became of a raw object: its row of the ledger, what was found, its new state."""

    row: Row
    landed: LandedFile
    state: FileState
    error: str | None = None


class Ledger:
    """The ledger, through one session."""

    def __init__(self, session: Session) -> None:
        """Bind a session."""
        self.session = session

    def known_etags(self, first_key: str = "") -> dict[str, str | None]:
        """The ETag of every raw key that has a row; None where an earlier version wrote it.

        Args:
            first_key: keys before it, in the order of keys, are left out.
        """
        rows = self.session.query("load/select_known_keys", first_key=first_key)
        return {row["raw_key"]: row["etag"] for row in rows}

    def register(self, objects: Iterable[RawObject]) -> None:
        """Give raw objects a row, state `received`; a key that has one keeps it.

        An object that was put again with another content is received again.
        """
        rows = (
            {
                "raw_key": item.key,
                "file_name": item.name,
                "size_bytes": item.size_bytes,
                "received_at": as_utc(item.last_modified),
                "etag": item.etag,
            }
            for item in objects
        )
        # What is registered stays, should the next objects not be listed.
        for batch in _portions(rows):
            self.session.execute("load/create_new_files")
            self.session.execute_many("load/insert_new_file", batch)
            self.session.execute("load/register_new_files")

    def reopen(self, keys: list[str]) -> None:
        """Set files back to `received`, to be read again."""
        for batch in _portions(keys):
            self.session.execute("load/reopen_files", raw_keys=batch, now=utc_now())

    def received(self) -> list[Row]:
        """Files to read: their rows, with what was known of an earlier content."""
        return self.session.query("load/select_received_files")

    def known_content(self) -> dict[str, str]:
        """By upload id: the first raw key of what went through, as large as a file that waits."""
        rows = self.session.query("load/select_known_content")
        return {row["upload_id"]: row["raw_key"] for row in rows}

    def known_headers(self) -> dict[str, list[Row]]:
        """Headers of the members whose rows are in RAW, read by this reader, by their sha256."""
        rows = self.session.query(
            "load/select_known_headers", reader_version=f"{READER_VERSION:02}-"
        )
        known: dict[str, list[Row]] = {}
        for row in rows:
            known.setdefault(row["member_sha256"], []).append(row)
        return known

    def refused_landing_keys(self) -> frozenset[str]:
        """Landing keys of refused files without a row in RAW: Snowpipe never takes them again."""
        refused: dict[str, list[str]] = {}
        for row in self.session.query("load/select_refused_landing_files"):
            refused.setdefault(row["table_name"], []).append(row["landing_key"])
        return frozenset().union(*(self._not_in_raw(*it) for it in refused.items()))

    def _not_in_raw(self, table: str, keys: list[str]) -> set[str]:
        name = f"RAW.{table.upper()}"
        in_raw = {
            row["landing_key"]
            for some in _portions(keys)
            for row in self.session.query(
                "load/select_keys_in_raw", table_name=name, landing_keys=some
            )
        }
        return set(keys) - in_raw

    def record(self, outcomes: Sequence[Outcome], lease: Lease) -> None:
        """Write what became of files: their refusals and landing files, and last their states.

        There is no transaction, because a killed run would leave it open. Until the last statement
        the files are `received`, so after a kill the next run writes everything again.

        Raises:
            LeaseLost: another run has taken over; nothing is written.
        """
        held = {"holder": lease.holder}
        self._stage("files", [_file(outcome) for outcome in outcomes])
        self._stage("landing_files", _landing_files(outcomes))
        self._stage("refusals", [it for outcome in outcomes for it in _refusals(outcome)])
        self.session.execute("load/delete_rejected_files", **held)
        self.session.execute("load/insert_rejected_files", now=utc_now(), **held)
        self.session.execute("load/delete_landing_files", **held)
        self.session.execute("load/insert_landing_files", now=utc_now(), **held)
        if not self.session.execute("load/record_files", now=utc_now(), **held):
            raise lease.lost()

    def mark_loaded(self, raw_keys: list[str], as_of: datetime) -> None:
        """Landed files whose every row is in RAW; those that changed after `as_of` stay."""
        for batch in _portions(raw_keys):
            self.session.execute(
                "load/mark_files_loaded", raw_keys=batch, as_of=as_of, now=utc_now()
            )

    def refuse_loads(self, messages: list[tuple[str, str]], as_of: datetime) -> None:
        """Reject landed files that Snowpipe refused: raw key and message, several for one file.

        Those that changed after `as_of` stay.
        """
        self._stage(
            "refusals",
            [_refusal(raw_key, None, message) for raw_key, message in messages],
        )
        self.session.execute("load/merge_refused_loads", now=utc_now())
        self.session.execute("load/refuse_loads", as_of=as_of, now=utc_now())

    def _stage(self, what: str, rows: list[dict[str, Any]]) -> None:
        """Bring rows into a temporary table of the session."""
        self.session.execute(f"load/create_taken_{what}")
        self.session.execute_many(f"load/insert_taken_{what.removesuffix('s')}", rows)


def _portions(items: Iterable[Item]) -> Iterator[list[Item]]:
    left = iter(items)
    while portion := list(islice(left, AT_ONCE)):
        yield portion


def _file(outcome: Outcome) -> dict[str, Any]:
    landed = outcome.landed
    return {
        "raw_key": outcome.row["raw_key"],
        "etag": outcome.row["etag"],
        "state": outcome.state.value,
        "upload_id": landed.upload_id or None,
        "sha256": landed.sha256 or None,
        "file_format": landed.format,
        "station_count": len(landed.stations),
        "member_count": landed.member_count,
        "rejected_member_count": len(landed.refusals),
        "row_count": landed.rows,
        "observation_count": landed.observations,
        "first_hour": landed.first_hour,
        "last_hour": landed.last_hour,
        "edition_at": landed.edition_at,
        "error": outcome.error,
    }


def _landing_files(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    return [
        {
            "raw_key": outcome.row["raw_key"],
            "landing_key": file.key,
            "table_name": file.table,
            "row_count": file.rows,
            "size_bytes": file.size_bytes,
        }
        for outcome in outcomes
        for file in outcome.landed.files
    ]


def _refusals(outcome: Outcome) -> list[dict[str, Any]]:
    key = outcome.row["raw_key"]
    refusals = outcome.landed.refusals
    told = [_refusal(key, refusal, str(refusal)) for refusal in refusals[:MOST_REFUSALS]]
    if len(refusals) > MOST_REFUSALS:
        rest = f"{len(refusals) - MOST_REFUSALS:,} more members were refused."
        told.append(_refusal(key, None, rest))
    return told


def _refusal(raw_key: str, refusal: UnreadableFile | None, message: str) -> dict[str, Any]:
    return {
        "raw_key": raw_key,
        "source_member": refusal.place.member if refusal else None,
        "line_number": refusal.place.line if refusal else None,
        "expected": refusal.expected if refusal else None,
        "found": refusal.found if refusal else None,
        "message": message,
    }
