"""Receiving one file: hash it, look at it, store it; never whole in memory unless it is one CSV."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from inmet_platform.config.scratch import scratch_folder
from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.inmet.published import PUBLISHED_STATION_PATTERN
from inmet_platform.inmet.readers import Reading, holds_workbook, is_zip, members, read_stations
from inmet_platform.inmet.readers.station import checked_station_id
from inmet_platform.inmet.readers.zip_limits import LARGEST_MEMBER_BYTES
from inmet_platform.ledger.receiving import Stored, describe, store
from inmet_platform.ledger.status import FileStatus, upload_id
from inmet_platform.storage.bucket import Bucket
from upload_service.problems import TooLarge, Unreadable, refusal_of

# How the names of tables end that the readers read.
TABLE_ENDINGS = (".csv", ".txt", ".gz", ".json", ".xlsx", ".xls", ".ods")
LONGEST_NAME_BYTES = 200
SCRATCH = "inmet-upload-"

# INMET's automatic stations begin in 2000; a clock that is wrong by a day is no edition to come,
# which no later one would ever replace.
FIRST_EDITION = datetime(2000, 1, 1, tzinfo=UTC)
CLOCK_ERROR = timedelta(days=1)


def receive(
    bucket: Bucket,
    stream: BinaryIO,
    name: str,
    station_id: str | None,
    edition_at: str | None,
    inspecting: AbstractContextManager[Any],
) -> Stored:
    """Store an upload unless the same content is stored already, of whatever age.

    Args:
        bucket: where to.
        stream: the file.
        name: as it was sent.
        station_id: as the sender gave it.
        edition_at: as `checked_edition` gives it.
        inspecting: is held while the file is read, which takes memory, and not while it is stored.

    Raises:
        Refusal: 413, 415 or 422, with the reader's sentence.
        StorageError: S3 does not answer.
    """
    name = clean_name(name)
    try:
        # The reader asks more of it where it knows what the file holds.
        station = station_id and checked_station_id(
            station_id, Place(name), PUBLISHED_STATION_PATTERN
        )
        with inspecting:
            status = _inspect(stream, name, station)
    except UnreadableFile as error:
        raise refusal_of(error) from error
    told = {"station-id": station, "edition-at": edition_at}
    return store(bucket, stream, status, {key: value for key, value in told.items() if value})


def checked_edition(text: str) -> str:
    """A sender's time of the edition, in UTC; without a zone it is UTC.

    Raises:
        Unreadable: it is no time, or none at which INMET can have published a file.
    """
    try:
        at = datetime.fromisoformat(text.strip())
        at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        at = None
    if at is None or not FIRST_EDITION <= at <= datetime.now(UTC) + CLOCK_ERROR:
        raise Unreadable(
            f"edition_at: expected a time from 2000 until now, such as 2024-06-30T12:00:00Z; "
            f"found {text[:60]!r}.",
            remedy="Leave it out when you do not know when INMET published the file.",
        )
    return at.isoformat(timespec="seconds")


def clean_name(name: str) -> str:
    """A file name fit for a key: no folders, no control characters, at most 200 bytes."""
    base = PurePosixPath(name.replace("\\", "/")).name
    base = "".join(char for char in base if char.isprintable()).strip(" .") or "unnamed"
    suffix = PurePosixPath(base).suffix[:10]
    stem = base.removesuffix(suffix).encode()[: LONGEST_NAME_BYTES - len(suffix.encode())]
    return stem.decode(errors="ignore") + suffix


def _inspect(stream: BinaryIO, name: str, station: str | None) -> FileStatus:
    status = describe(stream, name)
    head = stream.read(4)
    stream.seek(0)
    if is_zip(head) and not holds_workbook(stream):
        _check_zip(stream, name)
        zip_id = upload_id(status.sha256, station)
        return status.model_copy(update={"id": zip_id, "format": "zip"})
    if status.size_bytes > LARGEST_MEMBER_BYTES:
        raise TooLarge(LARGEST_MEMBER_BYTES)
    found = read_stations(stream.read(), file=name, station_id=station)
    return _described(status, found)


def _described(status: FileStatus, found: list[Reading]) -> FileStatus:
    """What the readings of one file say; a file of several stations names none."""
    reports = [reading.report for reading in found]
    first, named = reports[0], {report.station_id for report in reports}
    own = first.station_source == "file"
    return status.model_copy(
        update={
            "id": upload_id(status.sha256, None if own else first.station_id),
            "format": first.format,
            "station_id": first.station_id if len(named) == 1 else None,
            "first_hour": min(filter(None, (it.first_hour for it in reports)), default=None),
            "last_hour": max(filter(None, (it.last_hour for it in reports)), default=None),
            "rows": sum(report.rows for report in reports),
            "observations": sum(report.observations for report in reports),
        }
    )


def _check_zip(stream: BinaryIO, name: str) -> None:
    """Its directory can be read and names a table; the chain reads the members one by one."""
    with _on_disk(stream) as path:
        names = [member.name or "" for member in members(path, file=name)]
    if not any(member.lower().endswith(TABLE_ENDINGS) for member in names):
        raise Unreadable(
            f"{name}: expected a zip with CSV files; found {', '.join(names[:3])}.",
            remedy="Zip the CSV files themselves.",
        )


@contextmanager
def _on_disk(stream: BinaryIO) -> Iterator[Path]:
    with scratch_folder(SCRATCH) as folder:
        path = folder / "upload"
        with path.open("wb") as file:
            shutil.copyfileobj(stream, file, 1 << 20)
        yield path
