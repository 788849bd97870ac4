"""INMET's yearly zips: fetched from the portal and stored under `raw/`, each edition once.

    .inmet/archive/<year>.json            the edition that was stored last, and under which id
    .inmet/archive/<year>.zip.part        a download under way, beside it its edition
    .inmet/archive/<year>.lock            held by who fetches that year

The folder only saves requests and bytes. The bucket tells whether a zip is stored: a machine
without this folder downloads the zip again and then finds it in the bucket.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import quote

import httpx
from pydantic import BaseModel

from inmet_platform.archive.download import HEADERS, TIMEOUT, Patience, Watch, download
from inmet_platform.archive.part_file import Edition, PartFile, read_model, write_whole
from inmet_platform.config.settings import Settings
from inmet_platform.errors import ArchiveError, BucketMissing, PlatformError
from inmet_platform.ledger.receiving import Stored, describe, still_stored, store
from inmet_platform.ledger.status_copy import read_status
from inmet_platform.storage.bucket import Bucket


class Fate(StrEnum):
    """What became of a year."""

    STORED = "stored"
    UNCHANGED = "unchanged"
    KNOWN = "known"
    FAILED = "failed"


@dataclass(frozen=True)
class FetchedYear:
    """What became of a year, and the sentence for people."""

    fate: Fate
    sentence: str


class StoredEdition(BaseModel):
    """The edition that was stored last, and the upload that holds it."""

    edition: Edition
    upload_id: str
    key: str


class Archive:
    """The portal's folder of zips, and the bucket they go to."""

    def __init__(
        self,
        settings: Settings,
        bucket: Bucket,
        client: httpx.Client,
        patience: Patience | None = None,
    ) -> None:
        """Keep portal, bucket and client; no request is made yet."""
        self._base_url = settings.archive_url.rstrip("/")
        self._folder = settings.state_dir / "archive"
        self._bucket = bucket
        self._client = client
        self._patience = patience or Patience()

    def url(self, year: int) -> str:
        """The address of a year's zip."""
        return f"{self._base_url}/{year}.zip"

    def fetch_each(self, years: Iterable[int], watch: Watch) -> Iterator[FetchedYear]:
        """Fetch one year after the other; the others follow even if one fails.

        Raises:
            StorageError: the bucket is missing or does not answer, so none is fetched.
        """
        self._bucket.check()
        for year in years:
            try:
                yield self.fetch(year, watch)
            except BucketMissing:
                raise
            except PlatformError as error:
                yield FetchedYear(Fate.FAILED, f"{year}: {error}")

    def fetch(self, year: int, watch: Watch) -> FetchedYear:
        """Fetch and store a year's zip, unless the portal still has the one that is stored.

        Raises:
            ArchiveError: the portal has none, refuses, or fails again and again.
            StorageError: S3 does not answer.
        """
        url, last = self.url(year), self._folder / f"{year}.json"
        part = PartFile(self._folder / f"{year}.zip.part")
        with _alone(self._folder / f"{year}.lock", year):
            before = self._stored_before(last, url)
            known = before.edition if before else None
            edition = download(self._client, url, part, known, patience=self._patience, watch=watch)
            if before and edition is known:
                return _unchanged(year, before)
            stored = self._store(part.path, f"{year}.zip", edition)
            kept = StoredEdition(edition=edition, upload_id=stored.status.id, key=stored.status.key)
            write_whole(last, kept.model_dump_json())
            part.discard()
        return _outcome(year, stored, edition)

    def _stored_before(self, last: Path, url: str) -> StoredEdition | None:
        """The edition that was stored last, if its bytes are still in this bucket."""
        kept = read_model(last, StoredEdition)
        if kept is None or kept.edition.url != url:
            return None
        status = read_status(self._bucket, kept.upload_id)
        return kept if still_stored(self._bucket, status) else None

    def _store(self, path: Path, name: str, edition: Edition) -> Stored:
        metadata = {"source-url": quote(edition.url, safe=":/?&=%[]")}
        if edition.at:
            metadata["edition-at"] = edition.at.isoformat()
        with path.open("rb") as stream:
            status = describe(stream, name).model_copy(update={"format": "zip"})
            return store(self._bucket, stream, status, metadata)


@contextmanager
def open_archive(settings: Settings) -> Iterator[Archive]:
    """The configured portal and bucket, for as long as they are asked."""
    with httpx.Client(headers=HEADERS, timeout=TIMEOUT, follow_redirects=True) as client:
        yield Archive(settings, Bucket.from_settings(settings), client)


@contextmanager
def _alone(lock: Path, year: int) -> Iterator[None]:
    """Let one process at a time write the part file; the lock ends with its process."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ArchiveError(
                f"Another process of this folder fetches {year} just now.",
                remedy="Wait until it is done.",
            ) from None
        yield


def _unchanged(year: int, before: StoredEdition) -> FetchedYear:
    since = _dated(before.edition, "since")
    return FetchedYear(Fate.UNCHANGED, f"{year}: unchanged{since}, stored as {before.key}")


def _outcome(year: int, stored: Stored, edition: Edition) -> FetchedYear:
    status, of = stored.status, _dated(edition, "of")
    if not stored.is_new:
        return FetchedYear(Fate.KNOWN, f"{year}: known already as {status.key}")
    size = f"{status.size_bytes / 1e6:,.1f} MB"
    return FetchedYear(Fate.STORED, f"{year}: stored as {status.key} ({size}{of})")


def _dated(edition: Edition, word: str) -> str:
    return f" {word} {edition.at:%Y-%m-%d %H:%M} UTC" if edition.at else ""
