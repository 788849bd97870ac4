"""What a portal sends instead of a zip is never stored; what it says is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from inmet_platform.archive.fetch import Fate
from inmet_platform.errors import ArchiveError, ArchiveRefused
from inmet_platform_tests.archive.fetcher import PAGE, ZIP, Fetcher
from inmet_platform_tests.portal import (
    Portal,
    announcing,
    answering,
)


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
