"""The upload service over HTTP, writing to a real S3: one test a status code."""

from __future__ import annotations

import gzip
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from inmet_platform.config.settings import Settings
from inmet_platform.errors import SettingsError
from inmet_platform.storage.bucket import Bucket
from inmet_platform_tests.embedded import free_port, write_home
from inmet_platform_tests.files import small_portal_file, zip_of
from inmet_platform_tests.upload_service.sending import BARE, GOOD, send
from upload_service import receiving
from upload_service.app import create_app


def test_201_a_file_is_stored_byte_for_byte_and_described(
    client: TestClient, storage: Settings
) -> None:
    answer = send(client, "INMET ção (1).CSV", GOOD)
    assert answer.status_code == 201
    [received] = answer.json()["files"]
    file = received["file"]
    assert (file["format"], file["station_id"], file["rows"]) == ("portal", "A001", 48)
    assert file["key"].endswith("-INMET ção (1).CSV")
    bucket = Bucket.from_settings(storage)
    stored = bucket.client.get_object(Bucket=bucket.name, Key=file["key"])
    assert stored["Body"].read() == GOOD
    assert stored["Metadata"]["sha256"] == file["sha256"] == file["id"]
    assert client.get(received["status_url"]).json()["state"] == "received"


def test_200_the_same_content_under_another_name_gives_the_first_key(client: TestClient) -> None:
    first = send(client, "a.CSV", GOOD).json()["files"][0]["file"]["key"]
    again = send(client, "b.CSV", GOOD)
    assert again.status_code == 200
    assert again.json()["files"][0]["file"]["key"] == first


def test_201_a_zip_is_stored_without_reading_its_members(client: TestClient) -> None:
    answer = send(client, "a.zip", zip_of({"a.CSV": GOOD, "bad.CSV": b"import sys"}))
    assert answer.status_code == 201
    assert answer.json()["files"][0]["file"]["format"] == "zip"


def test_201_a_gzip_is_stored_as_it_is_and_described_by_what_is_inside(
    client: TestClient,
) -> None:
    answer = send(client, "a.CSV.gz", gzip.compress(GOOD))
    assert answer.status_code == 201
    [received] = answer.json()["files"]
    assert (received["file"]["format"], received["file"]["station_id"]) == ("portal", "A001")


def test_201_a_table_of_several_stations_names_none(client: TestClient) -> None:
    rows = [f"2020-01-01,0{hour}:00,{code},0.2" for hour in range(9) for code in ("A001", "A002")]
    table = "\n".join(["data,hora,id_estacao,chuva", *rows]).encode()
    answer = send(client, "estacoes.csv", table)
    assert answer.status_code == 201
    [received] = answer.json()["files"]
    assert (received["file"]["rows"], received["file"]["station_id"]) == (18, None)


def test_207_of_many_files_the_good_ones_are_stored(client: TestClient) -> None:
    files = [("file", ("a.CSV", GOOD)), ("file", ("b.CSV", b"import sys"))]
    answer = client.post("/upload", files=files)
    assert answer.status_code == 207
    assert [item["status"] for item in answer.json()["files"]] == [201, 422]
    assert "found 'import sys'" in answer.json()["files"][1]["problem"]["detail"]


def test_401_without_the_token(storage: Settings, tmp_path: Path) -> None:
    guarded = write_home(
        tmp_path / "guarded",
        AWS_ENDPOINT_URL=str(storage.aws_endpoint_url),
        S3_BUCKET=storage.s3_bucket,
        UPLOAD_TOKEN="a-secret",
    )
    with TestClient(create_app(guarded), base_url=guarded.upload_url) as client:
        refused = send(client, "a.CSV", GOOD)
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"] == "Bearer"
        assert client.get("/uploads/x").status_code == 401
        client.headers["Authorization"] = "Bearer a-secret"
        assert send(client, "a.CSV", GOOD).status_code == 201
        assert client.get("/health").status_code == 200


@pytest.mark.parametrize("url", ["http://upload:8000", "http://0.0.0.0:8000", "http://[::]:8000"])
def test_who_is_reached_from_outside_does_not_start_without_a_token(
    tmp_path: Path, url: str
) -> None:
    with pytest.raises(SettingsError, match="UPLOAD_TOKEN is empty"):
        create_app(write_home(tmp_path / "open", UPLOAD_URL=url))
    create_app(write_home(tmp_path / "guarded", UPLOAD_URL=url, UPLOAD_TOKEN="a-secret"))


def test_404_an_unknown_upload(client: TestClient) -> None:
    answer = client.get("/uploads/none")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "There is no upload 'none'."


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "chunked"])
def test_413_more_than_the_limit_is_not_read(
    storage: Settings, tmp_path: Path, announced: bool
) -> None:
    small = write_home(
        tmp_path / "small",
        AWS_ENDPOINT_URL=str(storage.aws_endpoint_url),
        S3_BUCKET=storage.s3_bucket,
        UPLOAD_MAX_BYTES="2000",
    )
    body = b"x" * 5000
    with TestClient(create_app(small), base_url=small.upload_url) as client:
        answer = client.post(
            "/upload",
            content=body if announced else iter([body]),
            headers={"content-type": "multipart/form-data; boundary=b"},
        )
    assert answer.status_code == 413
    assert "larger than 2,000 bytes" in answer.json()["detail"]


def test_415_what_is_neither_csv_nor_zip(client: TestClient) -> None:
    answer = send(client, "a.CSV", b"%PDF-1.7" + GOOD)
    assert answer.status_code == 415
    assert answer.json()["detail"] == "a.CSV: expected CSV text; found a PDF."
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
    answer = send(client, name, data, **form)
    assert answer.status_code == 422
    assert detail in answer.json()["detail"]


@pytest.mark.parametrize("told", ["yesterday", "1999-12-31", "2999-01-01", "0001-01-01T00:00+05"])
def test_422_a_time_at_which_inmet_published_nothing(
    client: TestClient, storage: Settings, told: str
) -> None:
    answer = send(client, "a.CSV", GOOD, edition_at=told)
    assert answer.status_code == 422
    assert "edition_at: expected a time from 2000 until now" in answer.json()["detail"]
    assert list(Bucket.from_settings(storage).list_raw()) == []


def test_422_without_any_file_says_how_to_send_one(client: TestClient) -> None:
    answer = client.post("/upload")
    assert answer.status_code == 422
    assert "curl -F file=@FILE" in answer.json()["remedy"]


def test_503_with_retry_after_beyond_the_uploads_that_are_taken_at_once(
    storage: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("upload_service.app.MOST_AT_ONCE", 2)
    begun, may_end = threading.Barrier(3), threading.Event()
    real = receiving.receive

    def slow(*arguments: Any) -> Any:
        begun.wait(30)
        assert may_end.wait(30)
        return real(*arguments)

    monkeypatch.setattr("upload_service.routes.receive", slow)
    with TestClient(create_app(storage), base_url=storage.upload_url) as client:
        with ThreadPoolExecutor(2) as pool:
            files = {"a.CSV": small_portal_file("A101"), "b.CSV": small_portal_file("A102")}
            taken = [pool.submit(send, client, *file) for file in files.items()]
            begun.wait(30)
            refused = send(client, "c.CSV", GOOD)
            assert (refused.status_code, refused.headers["Retry-After"]) == (503, "2")
            assert "2 uploads are on their way" in refused.json()["detail"]
            assert client.get("/health").status_code == 200
            may_end.set()
            assert [it.result().status_code for it in taken] == [201, 201]
        monkeypatch.setattr("upload_service.routes.receive", real)
        assert send(client, "c.CSV", GOOD).status_code == 201


def test_503_when_s3_does_not_answer(tmp_path: Path) -> None:
    lost = write_home(tmp_path, AWS_ENDPOINT_URL=f"http://127.0.0.1:{free_port()}")
    with TestClient(create_app(lost), base_url=lost.upload_url) as client:
        assert send(client, "a.CSV", GOOD).status_code == 503
        answer = client.get("/ready")
        assert answer.status_code == 503
        assert "did not answer" in answer.json()["detail"]
        assert client.get("/health").status_code == 200


def test_ready_when_the_bucket_answers(client: TestClient) -> None:
    assert client.get("/ready").status_code == 200
