"""The upload service over HTTP, writing to a real S3; one test a status code, and the rest."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from inmet_platform.command.uploads import UploadedFile, await_clean, upload
from inmet_platform.config.settings import Settings
from inmet_platform.errors import UploadError
from inmet_platform.ledger.status import FileState
from inmet_platform.ledger.status_copy import read_status, write_status
from inmet_platform.storage.bucket import Bucket
from inmet_platform_tests.embedded import ROOT, clean_environ, free_port, write_home
from inmet_platform_tests.files import small_portal_file, zip_of
from upload_service.app import create_app

GOOD = small_portal_file()
BARE = b"\n".join(GOOD.split(b"\n")[8:])


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings)) as client:
        yield client


def _send(client: TestClient, name: str, data: bytes, **form: str) -> httpx.Response:
    return client.post("/upload", files={"file": (name, data)}, data=form)


def test_201_a_file_is_stored_byte_for_byte_and_described(
    client: TestClient, settings: Settings
) -> None:
    answer = _send(client, "INMET ção (1).CSV", GOOD)
    assert answer.status_code == 201
    [received] = answer.json()["files"]
    file = received["file"]
    assert (file["format"], file["station_id"], file["rows"]) == ("portal", "A001", 48)
    assert file["key"].endswith("-INMET ção (1).CSV")
    bucket = Bucket.from_settings(settings)
    stored = bucket.client.get_object(Bucket=bucket.name, Key=file["key"])
    assert stored["Body"].read() == GOOD
    assert stored["Metadata"]["sha256"] == file["sha256"] == file["id"]
    assert client.get(received["status_url"]).json()["state"] == "received"


def test_200_the_same_content_under_another_name_gives_the_first_key(client: TestClient) -> None:
    first = _send(client, "a.CSV", GOOD).json()["files"][0]["file"]["key"]
    again = _send(client, "b.CSV", GOOD)
    assert again.status_code == 200
    assert again.json()["files"][0]["file"]["key"] == first


def test_the_station_is_part_of_what_makes_two_uploads_the_same(client: TestClient) -> None:
    ids = [
        _send(client, "a.CSV", BARE, station_id=station).json()["files"][0]["file"]["id"]
        for station in ("A001", "A002", "a001")
    ]
    assert ids[0] != ids[1]
    assert ids[0] == ids[2]


def test_201_a_zip_is_stored_without_reading_its_members(client: TestClient) -> None:
    answer = _send(client, "a.zip", zip_of({"a.CSV": GOOD, "bad.CSV": b"import sys"}))
    assert answer.status_code == 201
    assert answer.json()["files"][0]["file"]["format"] == "zip"


def test_207_of_many_files_the_good_ones_are_stored(client: TestClient) -> None:
    files = [("file", ("a.CSV", GOOD)), ("file", ("b.CSV", b"import sys"))]
    answer = client.post("/upload", files=files)
    assert answer.status_code == 207
    assert [item["status"] for item in answer.json()["files"]] == [201, 422]
    assert "found 'import sys'" in answer.json()["files"][1]["problem"]["detail"]


def test_401_without_the_token(settings: Settings, tmp_path: Path) -> None:
    guarded = write_home(
        tmp_path / "guarded",
        AWS_ENDPOINT_URL=str(settings.aws_endpoint_url),
        S3_BUCKET=settings.s3_bucket,
        UPLOAD_TOKEN="a-secret",
    )
    with TestClient(create_app(guarded)) as client:
        refused = _send(client, "a.CSV", GOOD)
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"] == "Bearer"
        assert client.get("/uploads/x").status_code == 401
        client.headers["Authorization"] = "Bearer a-secret"
        assert _send(client, "a.CSV", GOOD).status_code == 201
        assert client.get("/health").status_code == 200


def test_404_an_unknown_upload(client: TestClient) -> None:
    answer = client.get("/uploads/none")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "There is no upload 'none'."


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "chunked"])
def test_413_more_than_the_limit_is_not_read(
    settings: Settings, tmp_path: Path, announced: bool
) -> None:
    small = write_home(
        tmp_path / "small",
        AWS_ENDPOINT_URL=str(settings.aws_endpoint_url),
        S3_BUCKET=settings.s3_bucket,
        UPLOAD_MAX_BYTES="2000",
    )
    body = b"x" * 5000
    with TestClient(create_app(small)) as client:
        answer = client.post(
            "/upload",
            content=body if announced else iter([body]),
            headers={"content-type": "multipart/form-data; boundary=b"},
        )
    assert answer.status_code == 413
    assert "larger than 2,000 bytes" in answer.json()["detail"]


def test_415_what_is_neither_csv_nor_zip(client: TestClient) -> None:
    answer = _send(client, "a.CSV", gzip.compress(GOOD))
    assert answer.status_code == 415
    assert answer.json()["detail"] == "a.CSV: expected CSV text; found gzip data."
    assert answer.json()["remedy"] == "Send the CSV itself, or a zip that holds CSV files."


@pytest.mark.parametrize(
    ("name", "data", "form", "detail"),
    [
        ("a.CSV", b"", {}, "a.CSV: expected a CSV of INMET; found an empty file."),
        ("a.CSV", BARE, {}, "found none."),
        ("a.CSV", BARE, {"station_id": "83377"}, "expected a station_id such as A001"),
        ("a.zip", zip_of({"a.doc": b"x"}), {}, "expected a zip with CSV files; found a.doc."),
        ("a.zip", b"PK\x03\x04 torn", {}, "a.zip: expected a whole zip; found a damaged one"),
    ],
)
def test_422_with_the_readers_sentence(
    client: TestClient, name: str, data: bytes, form: dict[str, str], detail: str
) -> None:
    answer = _send(client, name, data, **form)
    assert answer.status_code == 422
    assert detail in answer.json()["detail"]


@pytest.mark.parametrize(
    ("told", "stored"),
    [
        ("2024-06-30T12:00:00Z", "2024-06-30T12:00:00+00:00"),
        ("2024-06-30T12:00", "2024-06-30T12:00:00+00:00"),
        ("2024-06-30T09:00-03:00", "2024-06-30T12:00:00+00:00"),
        ("2024-06-30", "2024-06-30T00:00:00+00:00"),
    ],
)
def test_the_time_of_the_edition_is_stored_with_the_object_in_utc(
    client: TestClient, settings: Settings, told: str, stored: str
) -> None:
    [received] = _send(client, "a.CSV", GOOD, edition_at=told).json()["files"]
    _, metadata = Bucket.from_settings(settings).head_raw(received["file"]["key"])
    assert metadata["edition-at"] == stored


def test_200_a_known_file_keeps_the_time_it_was_stored_with(
    client: TestClient, settings: Settings
) -> None:
    _send(client, "a.CSV", GOOD, edition_at="2024-06-30")
    again = _send(client, "a.CSV", GOOD, edition_at="2025-01-01")
    assert again.status_code == 200
    key = again.json()["files"][0]["file"]["key"]
    _, metadata = Bucket.from_settings(settings).head_raw(key)
    assert metadata["edition-at"].startswith("2024-06-30")


@pytest.mark.parametrize("told", ["yesterday", "1999-12-31", "2999-01-01", "0001-01-01T00:00+05"])
def test_422_a_time_at_which_inmet_published_nothing(
    client: TestClient, settings: Settings, told: str
) -> None:
    answer = _send(client, "a.CSV", GOOD, edition_at=told)
    assert answer.status_code == 422
    assert "edition_at: expected a time from 2000 until now" in answer.json()["detail"]
    assert list(Bucket.from_settings(settings).list_raw()) == []


def test_422_without_any_file_says_how_to_send_one(client: TestClient) -> None:
    answer = client.post("/upload")
    assert answer.status_code == 422
    assert "curl -F file=@FILE" in answer.json()["remedy"]


def test_503_when_s3_does_not_answer(tmp_path: Path) -> None:
    lost = write_home(tmp_path, AWS_ENDPOINT_URL=f"http://127.0.0.1:{free_port()}")
    with TestClient(create_app(lost)) as client:
        assert _send(client, "a.CSV", GOOD).status_code == 503
        answer = client.get("/ready")
        assert answer.status_code == 503
        assert "did not answer" in answer.json()["detail"]
        assert client.get("/health").status_code == 200


def test_ready_when_the_bucket_answers(client: TestClient) -> None:
    assert client.get("/ready").status_code == 200


def test_a_raw_object_left_by_a_crash_does_not_keep_the_file_out(
    client: TestClient, settings: Settings, tmp_path: Path
) -> None:
    """The raw object was put and the process died before the status."""
    path = tmp_path / "a.CSV"
    path.write_bytes(GOOD)
    with path.open("rb") as stream:
        Bucket.from_settings(settings).put_raw(stream, "a.CSV", {})
    assert _send(client, "a.CSV", GOOD).status_code == 201


def test_what_was_refused_before_may_be_sent_again(client: TestClient, settings: Settings) -> None:
    file = _send(client, "a.zip", zip_of({"a.CSV": b"x"})).json()["files"][0]["file"]
    bucket = Bucket.from_settings(settings)
    status = read_status(bucket, file["id"])
    assert status
    write_status(bucket, status.moved_to(FileState.REJECTED, error="unreadable"))
    again = _send(client, "a.zip", zip_of({"a.CSV": b"x"}))
    assert again.status_code == 201
    assert again.json()["files"][0]["file"]["state"] == "received"


@pytest.fixture
def served(settings: Settings, tmp_path: Path) -> Iterator[tuple[Settings, int]]:
    """The service as a process: its settings with its address, and its process id."""
    home = tmp_path / "served"
    served = write_home(
        home,
        AWS_ENDPOINT_URL=str(settings.aws_endpoint_url),
        S3_BUCKET=settings.s3_bucket,
        UPLOAD_URL=f"http://127.0.0.1:{free_port()}",
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "upload_service"], cwd=ROOT, env=clean_environ(home)
    )
    deadline = time.monotonic() + 30
    while True:
        try:
            httpx.get(f"{served.upload_url}/health")
            break
        except httpx.HTTPError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    yield served, process.pid
    process.terminate()
    process.wait(10)


def _peak_kb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def test_a_large_zip_is_streamed_and_not_held_in_memory(
    served: tuple[Settings, int], tmp_path: Path
) -> None:
    settings, pid = served
    small, large = tmp_path / "small.zip", tmp_path / "large.zip"
    small.write_bytes(zip_of({"a.CSV": GOOD}))
    large.write_bytes(zip_of({"a.CSV": os.urandom(60_000_000), "b.CSV": os.urandom(60_000_000)}))
    [_] = upload(settings, [small], None)
    before = _peak_kb(pid)
    [answer] = upload(settings, [large], None)
    assert answer.is_new
    assert _peak_kb(pid) - before < 60_000, "120 MB went through"


def test_the_client_passes_the_services_sentence_on_and_sends_the_next_file(
    served: tuple[Settings, int], tmp_path: Path
) -> None:
    bad, good = tmp_path / "bad.CSV", tmp_path / "good.CSV"
    bad.write_bytes(b"import sys\n")
    good.write_bytes(GOOD)
    refused, stored = upload(served[0], [bad, good], None)
    assert refused.sentence.startswith("refused: bad.CSV, line 1: expected a file of INMET")
    assert stored.is_new


def test_the_client_sends_the_time_of_the_edition(
    served: tuple[Settings, int], tmp_path: Path
) -> None:
    path = tmp_path / "a.CSV"
    path.write_bytes(GOOD)
    [refused] = upload(served[0], [path], None, "soon")
    assert "edition_at: expected a time" in refused.sentence
    [stored] = upload(served[0], [path], None, "2024-06-30T12:00Z")
    assert stored.key
    _, metadata = Bucket.from_settings(served[0]).head_raw(stored.key)
    assert metadata["edition-at"] == "2024-06-30T12:00:00+00:00"


@pytest.mark.parametrize("state", [FileState.CLEAN, FileState.DUPLICATE])
def test_the_client_waits_until_a_file_has_arrived(
    served: tuple[Settings, int], tmp_path: Path, state: FileState
) -> None:
    stored = _stored(served[0], tmp_path)
    arriving = await_clean(served[0], [stored])
    with ThreadPoolExecutor(1) as pool:
        sentence = pool.submit(next, arriving)
        assert not wait([sentence], timeout=0.3).done
        _move(served[0], stored.id, state)
        assert sentence.result(30) == f"a.CSV: {state}"


def test_the_client_that_waits_tells_why_a_file_was_rejected(
    served: tuple[Settings, int], tmp_path: Path
) -> None:
    stored = _stored(served[0], tmp_path)
    _move(served[0], stored.id, FileState.REJECTED, error="member 3 is cut off")
    with pytest.raises(UploadError, match=r"a\.CSV was rejected on its way: member 3 is cut off"):
        list(await_clean(served[0], [stored]))


def _stored(settings: Settings, folder: Path) -> UploadedFile:
    path = folder / "a.CSV"
    path.write_bytes(GOOD)
    [stored] = upload(settings, [path], None)
    return stored


def _move(settings: Settings, upload_id: str | None, state: FileState, **why: str) -> None:
    bucket = Bucket.from_settings(settings)
    status = read_status(bucket, upload_id or "")
    assert status
    write_status(bucket, status.moved_to(state, **why))


def test_the_client_says_how_to_start_a_service_that_is_down(tmp_path: Path) -> None:
    settings = write_home(tmp_path, UPLOAD_URL=f"http://127.0.0.1:{free_port()}")
    path = tmp_path / "a.CSV"
    path.write_bytes(GOOD)
    with pytest.raises(UploadError, match="inmet up"):
        list(upload(settings, [path], None))


def test_what_was_deleted_from_the_bucket_is_stored_again(
    client: TestClient, settings: Settings
) -> None:
    first = _send(client, "a.CSV", GOOD).json()["files"][0]["file"]
    bucket = Bucket.from_settings(settings)
    bucket.client.delete_object(Bucket=bucket.name, Key=first["key"])
    again = _send(client, "a.CSV", GOOD)
    assert again.status_code == 201
    second = again.json()["files"][0]["file"]
    assert bucket.exists(second["key"])
    assert read_status(bucket, first["id"]).key == second["key"]  # type: ignore[union-attr]
