"""A download of any size, over any line."""

from __future__ import annotations

import random
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from inmet_platform.archive.download import Patience, Watch, download
from inmet_platform.archive.part_file import PartFile
from inmet_platform.errors import ArchiveError, ArchiveRefused
from inmet_platform_tests.archive.fetcher import ZIP
from inmet_platform_tests.files import zip_of
from inmet_platform_tests.portal import (
    Portal,
    broken_off,
)


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


def test_silence_is_an_error(tmp_path: Path) -> None:
    def silent(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("", request=request)

    with (
        httpx.Client(transport=httpx.MockTransport(silent)) as client,
        pytest.raises(ArchiveError, match=r"the connection failed: ReadTimeout\.") as error,
    ):
        part = PartFile(tmp_path / "part")
        download(client, "http://x/2024.zip", part, None, patience=Patience(()), watch=Watch())
    assert error.type is ArchiveError, "nobody refused"


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
