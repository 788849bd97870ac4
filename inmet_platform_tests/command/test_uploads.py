"""The client of the upload service, which is a process here."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest

from inmet_platform.command.uploads import UploadedFile, await_clean, upload
from inmet_platform.config.settings import Settings
from inmet_platform.errors import UploadError
from inmet_platform.ledger.status import FileState
from inmet_platform.ledger.status_copy import read_status, write_status
from inmet_platform.storage.bucket import Bucket
from inmet_platform_tests.embedded import (
    EmbeddedCloud,
    clean_environ,
    free_port,
    write_home,
    written_anew,
)
from inmet_platform_tests.files import small_portal_file, zip_of
from inmet_platform_tests.processes import answers, await_that, running
from inmet_platform_tests.soak.proxy import Proxy


@pytest.fixture(scope="module")
def served(
    embedded_cloud: EmbeddedCloud, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Settings, int]]:
    """The service as a process: its settings with its address, and its process id."""
    home = tmp_path_factory.mktemp("served")
    storage = embedded_cloud.storage(home)
    served = written_anew(storage, home, UPLOAD_URL=f"http://127.0.0.1:{free_port()}")
    log = home / "upload.log"
    argv = [sys.executable, "-m", "upload_service"]
    ready = answers(f"{served.upload_url}/health")
    with running(argv, log, clean_environ(home), ready=ready) as process:
        yield served, process.pid


def _file(folder: Path, station: str) -> Path:
    """A file that no other test sends."""
    path = folder / "a.CSV"
    path.write_bytes(small_portal_file(station))
    return path


def _peak_kb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def test_a_service_that_has_too_much_to_do_is_asked_again(
    served: tuple[Settings, int], tmp_path: Path
) -> None:
    settings, _ = served
    proxy = Proxy(int(settings.upload_url.rpartition(":")[2]))
    before = written_anew(settings, tmp_path / "home", UPLOAD_URL=f"http://127.0.0.1:{proxy.port}")
    proxy.be("unavailable")
    try:
        with ThreadPoolExecutor(1) as pool:
            sent = pool.submit(list, upload(before, [_file(tmp_path, "A199")], None))
            await_that(lambda: proxy.answered > 0, tmp_path / "home" / ".env")
            proxy.be("pass")
            [received] = sent.result(60)
        assert received.is_new
    finally:
        proxy.stop()


def test_a_large_zip_is_streamed_and_not_held_in_memory(
    served: tuple[Settings, int], tmp_path: Path
) -> None:
    settings, pid = served
    small, large = tmp_path / "small.zip", tmp_path / "large.zip"
    small.write_bytes(zip_of({"a.CSV": small_portal_file("A201")}))
    large.write_bytes(zip_of({"a.CSV": os.urandom(60_000_000), "b.CSV": os.urandom(60_000_000)}))
    [_] = upload(settings, [small], None)
    before = _peak_kb(pid)
    [answer] = upload(settings, [large], None)
    assert answer.is_new
    assert _peak_kb(pid) - before < 60_000, "120 MB went through"


def test_the_client_passes_the_services_sentence_on_and_sends_the_next_file(
    served: tuple[Settings, int], tmp_path: Path
) -> None:
    bad, good = tmp_path / "bad.CSV", _file(tmp_path, "A202")
    bad.write_bytes(b"import sys\n")
    refused, stored = upload(served[0], [bad, good], None)
    assert refused.sentence.startswith("refused: bad.CSV, line 1: expected a file of INMET")
    assert stored.is_new


def test_the_client_sends_the_time_of_the_edition(
    served: tuple[Settings, int], tmp_path: Path
) -> None:
    path = _file(tmp_path, "A203")
    [refused] = upload(served[0], [path], None, "soon")
    assert "edition_at: expected a time" in refused.sentence
    [stored] = upload(served[0], [path], None, "2024-06-30T12:00Z")
    assert stored.key
    _, metadata = Bucket.from_settings(served[0]).head_raw(stored.key)
    assert metadata["edition-at"] == "2024-06-30T12:00:00+00:00"


@pytest.mark.parametrize(
    ("state", "station"), [(FileState.CLEAN, "A204"), (FileState.DUPLICATE, "A205")]
)
def test_the_client_waits_until_a_file_has_arrived(
    served: tuple[Settings, int], tmp_path: Path, state: FileState, station: str
) -> None:
    stored = _stored(served[0], _file(tmp_path, station))
    arriving = await_clean(served[0], [stored])
    with ThreadPoolExecutor(1) as pool:
        sentence = pool.submit(next, arriving)
        assert not wait([sentence], timeout=0.3).done
        _move(served[0], stored.id, state)
        assert sentence.result(30) == f"a.CSV: {state}"


def test_the_client_that_waits_tells_why_a_file_was_rejected(
    served: tuple[Settings, int], tmp_path: Path
) -> None:
    stored = _stored(served[0], _file(tmp_path, "A206"))
    _move(served[0], stored.id, FileState.REJECTED, error="member 3 is cut off")
    with pytest.raises(UploadError, match=r"a\.CSV was rejected on its way: member 3 is cut off"):
        list(await_clean(served[0], [stored]))


def _stored(settings: Settings, path: Path) -> UploadedFile:
    [stored] = upload(settings, [path], None)
    return stored


def _move(settings: Settings, upload_id: str | None, state: FileState, **why: str) -> None:
    bucket = Bucket.from_settings(settings)
    status = read_status(bucket, upload_id or "")
    assert status
    write_status(bucket, status.moved_to(state, **why))


def test_the_client_says_how_to_start_a_service_that_is_down(tmp_path: Path) -> None:
    settings = write_home(tmp_path, UPLOAD_URL=f"http://127.0.0.1:{free_port()}")
    with pytest.raises(UploadError, match="inmet up"):
        list(upload(settings, [_file(tmp_path, "A207")], None))
