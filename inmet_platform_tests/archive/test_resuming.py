"""A download that breaks off goes on from there, and what does not fit is thrown away."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from inmet_platform.archive.download import Patience, Watch, download
from inmet_platform.archive.fetch import Fate
from inmet_platform.archive.part_file import PartFile
from inmet_platform.errors import ArchiveError
from inmet_platform_tests.archive.fetcher import HALF, OTHER_ZIP, ZIP, Fetcher
from inmet_platform_tests.portal import (
    NEXT_EDITION,
    Fault,
    Portal,
    answering,
    broken_off,
    without_ranges,
)


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
