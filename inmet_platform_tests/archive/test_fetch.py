"""INMET's yearly zips: stored whole, and once."""

from __future__ import annotations

import fcntl
from contextlib import nullcontext
from pathlib import Path

import httpx
import pytest

from inmet_platform.archive.download import Watch
from inmet_platform.archive.fetch import Archive, Fate
from inmet_platform.errors import ArchiveError, BucketMissing
from inmet_platform.ledger.status import FileState
from inmet_platform.ledger.status_copy import read_status, write_status
from inmet_platform.storage.bucket import Bucket
from inmet_platform_tests.archive.fetcher import OTHER_ZIP, ZIP, Fetcher
from inmet_platform_tests.portal import (
    NEXT_EDITION,
    Portal,
)
from upload_service.receiving import receive


def test_a_zip_is_stored_byte_for_byte_and_known_to_the_upload_service(
    fetcher: Fetcher, portal: Portal
) -> None:
    outcome = fetcher.fetch()
    [item] = fetcher.bucket.list_raw()
    assert outcome.fate == Fate.STORED
    assert outcome.sentence.startswith(f"2024: stored as {item.key} (0.0 MB of 2025-01-06 12:00")
    assert fetcher.stored() == [ZIP]
    _, metadata = fetcher.bucket.head_raw(item.key)
    assert metadata["edition-at"] == "2025-01-06T12:00:00+00:00"
    assert metadata["source-url"] == f"{portal.url}/2024.zip"
    assert metadata["file-name"] == item.name == "2024.zip"
    status = read_status(fetcher.bucket, metadata["upload-id"])
    assert status
    assert (status.key, status.format, status.size_bytes) == (item.key, "zip", len(ZIP))
    assert portal.requests[0].headers["user-agent"].startswith("Mozilla/5.0")
    assert not (fetcher.folder / "2024.zip.part").exists()


def test_what_is_unchanged_is_not_sent_again(fetcher: Fetcher, portal: Portal) -> None:
    fetcher.fetch()
    again = fetcher.fetch()
    assert again.fate == Fate.UNCHANGED
    assert again.sentence.startswith("2024: unchanged since 2025-01-06 12:00 UTC, stored as raw/")
    assert portal.statuses == [200, 304]
    assert len(fetcher.stored()) == 1


def test_a_new_edition_is_stored_beside_the_one_before(fetcher: Fetcher, portal: Portal) -> None:
    fetcher.fetch()
    portal.publish(2024, OTHER_ZIP, etag='"second"', last_modified=NEXT_EDITION)
    assert fetcher.fetch().fate == Fate.STORED
    assert fetcher.stored() == [ZIP, OTHER_ZIP]
    assert fetcher.fetch().fate == Fate.UNCHANGED


def test_a_machine_that_knows_nothing_does_not_store_twice(
    fetcher: Fetcher, portal: Portal
) -> None:
    fetcher.fetch()
    (fetcher.folder / "2024.json").unlink()
    assert fetcher.fetch().sentence.startswith("2024: known already as raw/")
    assert fetcher.stored() == [ZIP]
    assert fetcher.fetch().fate == Fate.UNCHANGED
    assert portal.statuses == [200, 200, 304]


def test_what_somebody_uploaded_is_known(fetcher: Fetcher, tmp_path: Path) -> None:
    path = tmp_path / "my own name.zip"
    path.write_bytes(ZIP)
    with path.open("rb") as stream:
        received = receive(fetcher.bucket, stream, path.name, None, None, nullcontext())
        assert received.is_new
    assert fetcher.fetch().fate == Fate.KNOWN
    assert len(fetcher.stored()) == 1


def test_what_was_deleted_from_the_bucket_is_fetched_again(
    fetcher: Fetcher, portal: Portal
) -> None:
    fetcher.fetch()
    [item] = fetcher.bucket.list_raw()
    fetcher.bucket.client.delete_object(Bucket=fetcher.bucket.name, Key=item.key)
    assert fetcher.fetch().fate == Fate.STORED
    assert portal.statuses == [200, 200]


def test_what_the_chain_refused_is_fetched_and_stored_again(fetcher: Fetcher) -> None:
    fetcher.fetch()
    [item] = fetcher.bucket.list_raw()
    status = read_status(fetcher.bucket, fetcher.bucket.head_raw(item.key)[1]["upload-id"])
    assert status
    write_status(fetcher.bucket, status.moved_to(FileState.REJECTED, error="unreadable"))
    assert fetcher.fetch().fate == Fate.STORED


def test_one_process_at_a_time_fetches_a_year(fetcher: Fetcher, portal: Portal) -> None:
    fetcher.folder.mkdir(parents=True)
    with (fetcher.folder / "2024.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(ArchiveError, match="Another process of this folder fetches 2024"):
            fetcher.fetch()
    assert portal.requests == []


def test_a_year_that_fails_keeps_no_other_back(fetcher: Fetcher, portal: Portal) -> None:
    portal.publish(2022, OTHER_ZIP)
    with httpx.Client() as client:
        archive = Archive(fetcher.settings, fetcher.bucket, client)
        outcomes = list(archive.fetch_each([2022, 2023, 2024], Watch()))
    assert [outcome.fate for outcome in outcomes] == [Fate.STORED, Fate.FAILED, Fate.STORED]
    assert outcomes[1].sentence.startswith("2023: http://")


def test_without_a_bucket_nothing_is_fetched(fetcher: Fetcher, portal: Portal) -> None:
    lost = Bucket(fetcher.bucket.client, "no-such-bucket")
    with httpx.Client() as client, pytest.raises(BucketMissing):
        list(Archive(fetcher.settings, lost, client).fetch_each([2024], Watch()))
    assert portal.requests == []
