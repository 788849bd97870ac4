"""What of a file is stored, and when the same content is stored again."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from inmet_platform.config.settings import Settings
from inmet_platform.ledger.status import FileState
from inmet_platform.ledger.status_copy import read_status, write_status
from inmet_platform.storage.bucket import Bucket
from inmet_platform_tests.files import zip_of
from inmet_platform_tests.upload_service.sending import BARE, GOOD, send


def test_the_station_is_part_of_what_makes_two_uploads_the_same(client: TestClient) -> None:
    ids = [
        send(client, "a.CSV", BARE, station_id=station).json()["files"][0]["file"]["id"]
        for station in ("A001", "A002", "a001")
    ]
    assert ids[0] != ids[1]
    assert ids[0] == ids[2]


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
    client: TestClient, storage: Settings, told: str, stored: str
) -> None:
    [received] = send(client, "a.CSV", GOOD, edition_at=told).json()["files"]
    _, metadata = Bucket.from_settings(storage).head_raw(received["file"]["key"])
    assert metadata["edition-at"] == stored


def test_200_a_known_file_keeps_the_time_it_was_stored_with(
    client: TestClient, storage: Settings
) -> None:
    send(client, "a.CSV", GOOD, edition_at="2024-06-30")
    again = send(client, "a.CSV", GOOD, edition_at="2025-01-01")
    assert again.status_code == 200
    key = again.json()["files"][0]["file"]["key"]
    _, metadata = Bucket.from_settings(storage).head_raw(key)
    assert metadata["edition-at"].startswith("2024-06-30")


def test_a_raw_object_left_by_a_crash_does_not_keep_the_file_out(
    client: TestClient, storage: Settings, tmp_path: Path
) -> None:
    """The raw object was put and the process died before the status."""
    path = tmp_path / "a.CSV"
    path.write_bytes(GOOD)
    with path.open("rb") as stream:
        Bucket.from_settings(storage).put_raw(stream, "a.CSV", {})
    assert send(client, "a.CSV", GOOD).status_code == 201


def test_what_was_refused_before_may_be_sent_again(client: TestClient, storage: Settings) -> None:
    file = send(client, "a.zip", zip_of({"a.CSV": b"x"})).json()["files"][0]["file"]
    bucket = Bucket.from_settings(storage)
    status = read_status(bucket, file["id"])
    assert status
    write_status(bucket, status.moved_to(FileState.REJECTED, error="unreadable"))
    again = send(client, "a.zip", zip_of({"a.CSV": b"x"}))
    assert again.status_code == 201
    assert again.json()["files"][0]["file"]["state"] == "received"


def test_what_was_deleted_from_the_bucket_is_stored_again(
    client: TestClient, storage: Settings
) -> None:
    first = send(client, "a.CSV", GOOD).json()["files"][0]["file"]
    bucket = Bucket.from_settings(storage)
    bucket.client.delete_object(Bucket=bucket.name, Key=first["key"])
    again = send(client, "a.CSV", GOOD)
    assert again.status_code == 201
    second = again.json()["files"][0]["file"]
    assert bucket.exists(second["key"])
    assert read_status(bucket, first["id"]).key == second["key"]  # type: ignore[union-attr]
