"""The data service over HTTP, reading Parquet files of the export's own schema."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient

from data_service.app import create_app
from inmet_platform.manifest import CLEAN_SCHEMA


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(create_app(tmp_path)) as client:
        yield client


def write_year(folder: Path, year: int, hours: dict[str, int]) -> None:
    """`<year>.parquet` with the first hours of the year, as many as asked for a station."""
    start = datetime(year, 1, 1)  # noqa: DTZ001 - CLEAN's times have no zone
    rows = [
        {"station_id": code, "observed_at": start + timedelta(hours=hour), "temperature_c": 20.0}
        for code, count in hours.items()
        for hour in range(count)
    ]
    pq.write_table(pa.Table.from_pylist(rows, schema=CLEAN_SCHEMA), folder / f"{year}.parquet")


def test_stations_are_told_over_all_years_by_code(client: TestClient, tmp_path: Path) -> None:
    write_year(tmp_path, 2023, {"A002": 3, "A001": 2})
    write_year(tmp_path, 2024, {"A001": 5})
    answer = client.get("/stations")
    assert answer.status_code == 200
    assert answer.json() == [
        {
            "station_id": "A001",
            "first_hour": "2023-01-01T00:00:00Z",
            "last_hour": "2024-01-01T04:00:00Z",
            "hours": 7,
        },
        {
            "station_id": "A002",
            "first_hour": "2023-01-01T00:00:00Z",
            "last_hour": "2023-01-01T02:00:00Z",
            "hours": 3,
        },
    ]


def test_a_file_that_an_export_replaced_is_read_again(client: TestClient, tmp_path: Path) -> None:
    write_year(tmp_path, 2024, {"A001": 5})
    assert client.get("/stations").json()[0]["hours"] == 5
    replacement = tmp_path / "next"
    replacement.mkdir()
    write_year(replacement, 2024, {"A001": 6})
    (replacement / "2024.parquet").replace(tmp_path / "2024.parquet")
    assert client.get("/stations").json()[0]["hours"] == 6


@pytest.mark.parametrize("path", ["/ready", "/stations"])
def test_503_nothing_is_exported_yet_and_it_says_what_to_do(
    client: TestClient, tmp_path: Path, path: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["remedy"] == "Bring files in first: inmet run FILE…"
    write_year(tmp_path, 2024, {"A001": 1})
    assert client.get(path).status_code == 200


def test_503_a_file_that_is_none_is_no_server_error(client: TestClient, tmp_path: Path) -> None:
    (tmp_path / "2024.parquet").symlink_to(tmp_path / "gone")
    assert client.get("/stations").status_code == 503


def test_the_process_lives_without_anything_to_serve(client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "ok"}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_405_nothing_can_be_written(client: TestClient, method: str) -> None:
    assert client.request(method, "/stations").status_code == 405
