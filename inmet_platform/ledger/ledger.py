"""The ledger `RAW.FILES`: which raw objects there are, how far each is, and who works on it.

The ledger alone says what is pending. A killed run leaves its rows in their last state, and the
next run continues from there.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice

from inmet_platform.errors import UnreadableFile
from inmet_platform.inmet.readers import READER_VERSION
from inmet_platform.ledger.landed_file import LandedFile
from inmet_platform.ledger.status import FileState, upload_id
from inmet_platform.storage.bucket import RawObject
from inmet_platform.warehouse.session import Row, Session
from inmet_platform.warehouse.timestamps import as_utc, utc_now

# A run renews its claims while it works. Another run may take over a claim that is older.
CLAIM = timedelta(seconds=60)
REGISTERED_AT_ONCE = 5000


class Ledger:
    """The ledger, through one session, for one run."""

    def __init__(self, session: Session, run_id: str) -> None:
        """Bind a session and the run that works through it."""
        self.session = session
        self.run_id = run_id
        self._renewed_at = utc_now()

    def known_keys(self) -> set[str]:
        """Every raw key that has a row."""
        return {row["raw_key"] for row in self.session.query("load/select_known_keys")}

    def register(self, objects: Iterable[RawObject]) -> None:
        """Give raw objects a row, state `received`; a key that has one keeps it."""
        rows = (
            {
                "raw_key": item.key,
                "file_name": item.name,
                "size_bytes": item.size_bytes,
                "received_at": as_utc(item.last_modified),
            }
            for item in objects
        )
        # What is registered stays, should the next objects not be listed.
        while batch := list(islice(rows, REGISTERED_AT_ONCE)):
            self.session.execute("load/create_new_files")
            self.session.execute_many("load/insert_new_file", batch)
            self.session.execute("load/register_new_files")

    def reopen(self, keys: Iterable[str]) -> None:
        """Set files back to `received`, to be read again."""
        for key in keys:
            self.session.execute("load/reopen_files", raw_key=key, now=utc_now())

    def claim(self) -> list[Row]:
        """Take every received file that no living run holds; return what this run now holds.

        Returns:
            Rows with raw_key, file_name, size_bytes, received_at.
        """
        now = utc_now()
        self.session.execute("load/claim_files", run_id=self.run_id, now=now, until=now + CLAIM)
        self._renewed_at = now
        return self.session.query("load/select_claimed_files", run_id=self.run_id)

    def keep_claims(self) -> None:
        """Renew the claims of this run when a third of their time is over."""
        now = utc_now()
        if now - self._renewed_at > CLAIM / 3:
            self.session.execute("load/renew_claims", run_id=self.run_id, until=now + CLAIM)
            self._renewed_at = now

    def release_claims(self) -> None:
        """Release the files that this run has not finished."""
        self.session.execute("load/release_claims", run_id=self.run_id)

    def foreign_claims(self) -> list[Row]:
        """What other living runs hold: rows with claimed_by, claimed_until (UTC), file_count."""
        return self.session.query("load/select_foreign_claims", run_id=self.run_id, now=utc_now())

    def first_with_content(self, sha256: str, station_id: str | None, raw_key: str) -> str | None:
        """The raw key under which the same bytes went through before; None when they are new.

        Args:
            sha256: of the object.
            station_id: as the uploader named it, for bytes that do not name it themselves.
            raw_key: the object itself.
        """
        rows = self.session.query(
            "load/select_first_with_content",
            sha256=sha256,
            upload_id=upload_id(sha256, station_id),
            raw_key=raw_key,
        )
        return rows[0]["raw_key"] if rows else None

    def known_headers(self) -> dict[str, Row]:
        """Headers of the members whose rows are in RAW, read by this reader, by their sha256."""
        rows = self.session.query(
            "load/select_known_headers", reader_version=f"{READER_VERSION:02}-"
        )
        return {row["member_sha256"]: row for row in rows}

    def record(self, raw_key: str, state: FileState, landed: LandedFile, error: str | None) -> None:
        """Write what became of a file: its refusals and landing files, and last its state.

        There is no transaction, because a killed run would leave it open. Until the last statement
        the file is `received`, so after a kill the next run writes everything again.
        """
        now = utc_now()
        self._record_refusals(raw_key, landed.refusals, now)
        self.session.execute("load/delete_landing_files", raw_key=raw_key)
        self.session.execute_many(
            "load/insert_landing_file",
            [
                {
                    "raw_key": raw_key,
                    "landing_key": file.key,
                    "table_name": file.table,
                    "row_count": file.rows,
                    "size_bytes": file.size_bytes,
                    "now": now,
                }
                for file in landed.files
            ],
        )
        self.session.execute(
            "load/record_file",
            run_id=self.run_id,
            raw_key=raw_key,
            state=state.value,
            upload_id=landed.upload_id or None,
            sha256=landed.sha256 or None,
            file_format=landed.format,
            station_count=len(landed.stations),
            member_count=landed.member_count,
            rejected_member_count=len(landed.refusals),
            row_count=landed.rows,
            observation_count=landed.observations,
            first_hour=landed.first_hour,
            last_hour=landed.last_hour,
            edition_at=landed.edition_at,
            error=error,
            now=now,
        )

    @staticmethod
    def refuse_load(session: Session, raw_key: str, message: str) -> None:
        """Reject a landed file that Snowpipe refused."""
        now = utc_now()
        session.execute(
            "load/insert_rejected_file",
            raw_key=raw_key,
            source_member=None,
            line_number=None,
            expected=None,
            found=None,
            message=message,
            now=now,
        )
        session.execute("load/refuse_load", raw_key=raw_key, message=message, now=now)

    def _record_refusals(self, raw_key: str, refusals: list[UnreadableFile], now: datetime) -> None:
        self.session.execute("load/delete_rejected_files", raw_key=raw_key)
        self.session.execute_many(
            "load/insert_rejected_file",
            [
                {
                    "raw_key": raw_key,
                    "source_member": refusal.place.member,
                    "line_number": refusal.place.line,
                    "expected": refusal.expected,
                    "found": refusal.found,
                    "message": str(refusal),
                    "now": now,
                }
                for refusal in refusals
            ],
        )
