"""INMET's yearly zips: fetched whole or not at all, stored once, from a portal that fails."""

from __future__ import annotations

import fcntl
import random
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from inmet_platform.archive.download import HEADERS, Patience, Watch, download
from inmet_platform.archive.fetch import Archive, Fate, FetchedYear
from inmet_platform.archive.part_file import PartFile
from inmet_platform.archive.years import parse_years, years_in_progress
from inmet_platform.config.settings import Settings
from inmet_platform.errors import ArchiveError, ArchiveRefused, BucketMissing, SettingsError
from inmet_platform.ledger.status import FileState
from inmet_platform.ledger.status_copy import read_status, write_status
from inmet_platform.storage.bucket import Bucket
from inmet_platform_tests.embedded import write_home
from inmet_platform_tests.files import small_portal_file, zip_of
from inmet_platform_tests.portal import (
    NEXT_EDITION,
    Fault,
    Portal,
    announcing,
    answering,
    broken_off,
    running_portal,
    without_ranges,
)
from upload_service.receiving import receive

ZIP = zip_of({"2024/a.CSV": small_portal_file(), "2024/b.CSV": small_portal_file("A002", seed=1)})
OTHER_ZIP = zip_of({"2024/a.CSV": small_portal_file(seed=2)})
HALF = len(ZIP) // 2
PAGE = b"<!DOCTYPE html>\n<html>Em manuten\xc3\xa7\xc3\xa3o</html>"


@pytest.fixture(scope="module")
def _server() -> Iterator[Portal]:
    with running_portal() as portal:
        yield portal


@pytest.fixture
def portal(_server: Portal) -> Portal:
    _server.files, _server.faults, _server.requests = {}, [], []
    _server.publish(2024, ZIP)
    return _server


class Fetcher:
    """Fetches as a process does that begins anew each time, without waiting."""

    def __init__(self, settings: Settings, portal: Portal) -> None:
        self.settings = settings.model_copy(update={"archive_url": portal.url})
        self.bucket = Bucket.from_settings(settings)
        self.pauses: list[float] = []

    def fetch(self, *years: int, retries: int = 5) -> FetchedYear:
        patience = Patience((2.0, 4.0, 8.0, 16.0, 32.0)[:retries], sleep=self.pauses.append)
        with httpx.Client(headers=HEADERS, follow_redirects=True) as client:
            archive = Archive(self.settings, self.bucket, client, patience)
            return [archive.fetch(year, Watch()) for year in years or (2024,)][-1]

    def stored(self) -> list[bytes]:
        get = self.bucket.client.get_object
        return [
            get(Bucket=self.bucket.name, Key=item.key)["Body"].read()
            for item in self.bucket.list_raw()
        ]

    @property
    def folder(self) -> Path:
        return self.settings.state_dir / "archive"


@pytest.fixture
def fetcher(settings: Settings, portal: Portal) -> Fetcher:
    return Fetcher(settings, portal)


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
        assert receive(fetcher.bucket, stream, path.name, None).is_new
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


def test_a_download_that_breaks_off_is_resumed(fetcher: Fetcher, portal: Portal) -> None:
    portal.faults = [broken_off(HALF)]
    assert fetcher.fetch().fate == Fate.STORED
    assert fetcher.stored() == [ZIP]
    second = portal.requests[1]
    assert second.headers["range"] == f"bytes={HALF}-"
    assert second.headers["if-range"] == '"first"'
    assert [request.sent_bytes for request in portal.requests] == [HALF, len(ZIP) - HALF]
    assert fetcher.pauses == [2.0]


def test_a_later_process_resumes(fetcher: Fetcher, portal: Portal) -> None:
    portal.faults = [broken_off(HALF)]
    with pytest.raises(ArchiveError, match="the connection failed") as error:
        fetcher.fetch(retries=0)
    assert error.value.transient
    assert "the next try goes on from there" in error.value.remedy
    assert fetcher.fetch(retries=0).fate == Fate.STORED
    assert portal.statuses == [200, 206]
    assert fetcher.stored() == [ZIP]


def test_a_whole_download_that_was_never_stored_is_not_sent_again(
    fetcher: Fetcher, portal: Portal
) -> None:
    """The process died between the last byte and the store."""
    part = PartFile(fetcher.folder / "2024.zip.part")
    with httpx.Client() as client:
        url = f"{portal.url}/2024.zip"
        download(client, url, part, None, patience=Patience(()), watch=Watch())
    assert fetcher.fetch().fate == Fate.STORED
    assert portal.statuses == [200, 416]
    assert fetcher.stored() == [ZIP]


def test_without_an_etag_the_date_tells_the_edition(fetcher: Fetcher, portal: Portal) -> None:
    file = portal.publish(2024, ZIP, etag='W/"weak"')
    portal.faults = [broken_off(HALF)]
    fetcher.fetch()
    assert portal.requests[1].headers["if-range"] == file.last_modified
    assert portal.statuses == [200, 206]


def test_without_any_validator_nothing_is_resumed(fetcher: Fetcher, portal: Portal) -> None:
    portal.publish(2024, ZIP, etag=None, last_modified=None)
    portal.faults = [broken_off(HALF)]
    assert fetcher.fetch().fate == Fate.STORED
    assert "range" not in portal.requests[1].headers
    assert fetcher.stored() == [ZIP]


def test_a_note_that_cannot_be_read_is_as_none(fetcher: Fetcher, portal: Portal) -> None:
    fetcher.folder.mkdir(parents=True)
    (fetcher.folder / "2024.zip.part").write_bytes(b"rubbish")
    for name in ("2024.zip.part.json", "2024.json"):
        (fetcher.folder / name).write_text("{torn")
    assert fetcher.fetch().fate == Fate.STORED
    assert fetcher.stored() == [ZIP]


def test_a_server_that_ignores_ranges_starts_the_file_anew(
    fetcher: Fetcher, portal: Portal
) -> None:
    portal.faults = [broken_off(HALF), without_ranges]
    fetcher.fetch()
    assert portal.statuses == [200, 200]
    assert fetcher.stored() == [ZIP]


def test_an_edition_that_changes_between_the_parts_starts_the_file_anew(
    fetcher: Fetcher, portal: Portal
) -> None:
    def replaced(handler: Any) -> None:
        broken_off(HALF)(handler)
        portal.publish(2024, OTHER_ZIP, etag='"second"', last_modified=NEXT_EDITION)

    portal.faults = [replaced]
    fetcher.fetch()
    assert portal.statuses == [200, 200]
    assert fetcher.stored() == [OTHER_ZIP]


REST = {"Content-Range": f"bytes {HALF}-{len(ZIP) - 1}/{len(ZIP)}"}
OTHER_REST = {"ETag": '"second"', **REST}
FIRST_TEN = {"Content-Range": "bytes 0-9/10"}


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(answering(206, ZIP[HALF:], headers=OTHER_REST), id="another ETag"),
        pytest.param(answering(206, ZIP, headers=FIRST_TEN), id="another part"),
        pytest.param(answering(206, ZIP[HALF:]), id="no Content-Range"),
        pytest.param(answering(416), id="416 without a size"),
        pytest.param(answering(206, bytes(len(ZIP) - HALF), headers=REST), id="other bytes"),
        pytest.param(answering(206, ZIP[HALF:] + b"more", headers=REST), id="too many bytes"),
    ],
)
def test_a_part_that_does_not_fit_is_thrown_away(
    fault: Fault, fetcher: Fetcher, portal: Portal
) -> None:
    portal.faults = [broken_off(HALF), fault]
    assert fetcher.fetch().fate == Fate.STORED
    assert "range" not in portal.requests[2].headers
    assert fetcher.stored() == [ZIP]


def test_a_damaged_member_of_a_resumed_zip_is_found(fetcher: Fetcher, portal: Portal) -> None:
    """Both parts have their length and the directory is sound: only the checksum tells."""
    damaged = ZIP[:100] + bytes([ZIP[100] ^ 1]) + ZIP[101:HALF]
    headers = portal.files["/2024.zip"].validators
    portal.faults = [lambda handler: handler.answer(200, damaged, length=len(ZIP), headers=headers)]
    assert fetcher.fetch().fate == Fate.STORED
    assert portal.statuses == [200, 206, 200]
    assert fetcher.stored() == [ZIP]


@pytest.mark.parametrize(
    ("difference", "sentence"),
    [
        pytest.param(-10, "expected a whole zip; found .* bytes of a damaged one", id="too short"),
        pytest.param(10, "the connection failed: .* bytes, expected ", id="too long"),
    ],
)
def test_a_length_that_is_a_lie_is_never_stored(
    difference: int, sentence: str, fetcher: Fetcher, portal: Portal
) -> None:
    portal.faults = [announcing(difference)] * 3
    with pytest.raises(ArchiveError, match=sentence):
        fetcher.fetch(retries=2)
    assert len(portal.requests) == 3
    assert fetcher.stored() == []
    assert fetcher.fetch().fate == Fate.STORED
    assert fetcher.stored() == [ZIP]


def test_a_page_instead_of_a_zip_is_never_stored(fetcher: Fetcher, portal: Portal) -> None:
    portal.faults = [answering(200, PAGE, headers={"Content-Type": "text/html"})] * 3
    with pytest.raises(ArchiveError) as error:
        fetcher.fetch(retries=2)
    assert "expected a whole zip; found 44 bytes that begin with '<!DOCTYPE html>'" in str(
        error.value
    )
    assert "open the address in a browser" in error.value.remedy
    assert fetcher.stored() == []
    assert not (fetcher.folder / "2024.zip.part").exists()


@pytest.mark.parametrize(
    ("status", "sentence", "remedy"),
    [
        (404, "INMET has none of that year (404 Not Found)", "some weeks after its beginning"),
        (403, "the portal refuses to give it (403 Forbidden)", "Try later"),
        (400, "expected the year's zip; found 400 Bad Request", ""),
    ],
)
def test_what_is_refused_is_told_and_not_asked_again(
    status: int, sentence: str, remedy: str, fetcher: Fetcher, portal: Portal
) -> None:
    portal.faults = [answering(status)]
    with pytest.raises(ArchiveRefused) as error:
        fetcher.fetch()
    assert sentence in error.value.message
    assert remedy in error.value.remedy
    assert not error.value.transient
    assert portal.statuses == [status]


def test_a_busy_portal_is_asked_again_after_growing_pauses(
    fetcher: Fetcher, portal: Portal
) -> None:
    portal.faults = [answering(503), answering(503)]
    assert fetcher.fetch().fate == Fate.STORED
    assert fetcher.pauses == [2.0, 4.0]


def test_a_portal_that_stays_busy_is_told(fetcher: Fetcher, portal: Portal) -> None:
    portal.faults = [answering(500)] * 6
    with pytest.raises(ArchiveError, match="busy or broken \\(500 Internal Server Error\\)"):
        fetcher.fetch()
    assert fetcher.pauses == [2.0, 4.0, 8.0, 16.0, 32.0]


def test_the_pause_that_the_portal_asks_for_is_kept(fetcher: Fetcher, portal: Portal) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    waits = [(429, "7"), (503, soon)]
    portal.faults = [answering(code, headers={"Retry-After": wait}) for code, wait in waits]
    assert fetcher.fetch().fate == Fate.STORED
    first, second = fetcher.pauses
    assert first == 7.0
    assert 30.0 < second <= 60.0


def test_a_portal_that_asks_for_an_hour_is_left_alone(fetcher: Fetcher, portal: Portal) -> None:
    portal.faults = [answering(429, headers={"Retry-After": "3600"})]
    with pytest.raises(ArchiveError, match=r"It asks for a pause of 3,600 s\."):
        fetcher.fetch()
    assert fetcher.pauses == []


def test_a_redirect_is_followed(fetcher: Fetcher, portal: Portal) -> None:
    portal.files["/moved.zip"] = portal.files["/2024.zip"]
    portal.faults = [answering(302, headers={"Location": "/moved.zip"})]
    assert fetcher.fetch().fate == Fate.STORED
    assert [request.path for request in portal.requests] == ["/2024.zip", "/moved.zip"]


def test_a_redirect_that_never_ends_is_told(fetcher: Fetcher, portal: Portal) -> None:
    portal.faults = [answering(302, headers={"Location": "/2024.zip"})] * 30
    with pytest.raises(ArchiveRefused, match="expected a zip; found Exceeded maximum allowed"):
        fetcher.fetch()


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
        outcomes = list(archive.fetch_each([2022, 2023, 2024]))
    assert [outcome.fate for outcome in outcomes] == [Fate.STORED, Fate.FAILED, Fate.STORED]
    assert outcomes[1].sentence.startswith("2023: http://")


def test_without_a_bucket_nothing_is_fetched(fetcher: Fetcher, portal: Portal) -> None:
    lost = Bucket(fetcher.bucket.client, "no-such-bucket")
    with httpx.Client() as client, pytest.raises(BucketMissing):
        list(Archive(fetcher.settings, lost, client).fetch_each([2024]))
    assert portal.requests == []


def test_a_download_that_gets_on_may_break_off_more_often(tmp_path: Path, portal: Portal) -> None:
    data = zip_of({"a.CSV": random.Random(1).randbytes(4_500_000)})
    portal.publish(2024, data)
    portal.faults = [broken_off(1_100_000)] * 4
    part = PartFile(tmp_path / "part")
    pauses: list[float] = []
    with httpx.Client() as client:
        url, patience = f"{portal.url}/2024.zip", Patience((1.0,), sleep=pauses.append)
        download(client, url, part, None, patience=patience, watch=Watch())
    assert part.path.read_bytes() == data
    assert pauses == [1.0] * 4


def test_silence_is_an_error_that_may_pass(tmp_path: Path) -> None:
    def silent(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("", request=request)

    with (
        httpx.Client(transport=httpx.MockTransport(silent)) as client,
        pytest.raises(ArchiveError, match=r"the connection failed: ReadTimeout\.") as error,
    ):
        part = PartFile(tmp_path / "part")
        download(client, "http://x/2024.zip", part, None, patience=Patience(()), watch=Watch())
    assert error.value.transient


class Streamed(httpx.SyncByteStream):
    """A body of any size that is never whole in memory."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __iter__(self) -> Iterator[bytes]:
        with self._path.open("rb") as file:
            while piece := file.read(65_536):
                yield piece


def test_a_large_zip_is_never_whole_in_memory(tmp_path: Path) -> None:
    large, part = tmp_path / "large.zip", PartFile(tmp_path / "part")
    with zipfile.ZipFile(large, "w") as archive, archive.open("a.CSV", "w") as member:
        for _ in range(60):
            member.write(bytes(1_000_000))
    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=Streamed(large)))
    with httpx.Client(transport=transport) as client:
        tracemalloc.start()
        download(client, "http://x/1.zip", part, None, patience=Patience(()), watch=Watch())
        _, peak_bytes = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert part.size_bytes > 60_000_000
    assert peak_bytes < 2_000_000


def test_what_claims_to_be_huge_does_not_fill_the_disk(tmp_path: Path) -> None:
    headers = {"Content-Length": "3000000000"}
    (tmp_path / "2024.zip").write_bytes(ZIP)
    body = Streamed(tmp_path / "2024.zip")
    huge = httpx.MockTransport(lambda _: httpx.Response(200, headers=headers, stream=body))
    part = PartFile(tmp_path / "part")
    with (
        httpx.Client(transport=huge) as client,
        pytest.raises(ArchiveRefused, match="expected at most 2,000,000,000 bytes"),
    ):
        download(client, "http://x/1.zip", part, None, patience=Patience(()), watch=Watch())
    assert part.size_bytes == 0


@pytest.mark.parametrize(
    ("texts", "years"),
    [
        (["2024"], [2024]),
        (["2000..2003"], [2000, 2001, 2002, 2003]),
        (["2024", "2022..2024", "2001"], [2001, 2022, 2023, 2024]),
    ],
)
def test_years_are_read_as_people_write_them(texts: list[str], years: list[int]) -> None:
    assert parse_years(texts, date(2025, 6, 1)) == years


@pytest.mark.parametrize("text", ["1999", "2026", "2024..2020", "2024-2025", "24", "next", ""])
def test_what_is_no_year_of_the_archive_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="expected years from 2000 to 2025, such as 2024 or"):
        parse_years([text], date(2025, 6, 1))


@pytest.mark.parametrize(
    ("today", "years"),
    [
        (date(2025, 1, 5), [2024]),
        (date(2025, 2, 5), [2024, 2025]),
        (date(2025, 3, 5), [2024, 2025]),
        (date(2025, 4, 5), [2025]),
        (date(2025, 12, 5), [2025]),
    ],
)
def test_the_running_year_and_until_march_the_last(today: date, years: list[int]) -> None:
    assert years_in_progress(today) == years


def test_an_address_with_a_password_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ARCHIVE_URL"):
        write_home(tmp_path, ARCHIVE_URL="https://user:secret@mirror.example/inmet")
