"""All services at once, as `make up` starts them: a file goes all the way by itself."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import httpx
import pytest

from inmet_platform.config.settings import Settings
from inmet_platform_tests.embedded import ROOT, clean_environ, free_port, write_home
from inmet_platform_tests.files import small_portal_file

INMET = Path(sys.executable).parent / "inmet"
DEADLINE_S = 150.0


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    home = tmp_path_factory.mktemp("up")
    names = ("AWS_ENDPOINT_URL", "UPLOAD_URL", "DATA_URL", "DAGSTER_URL", "MLFLOW_URL")
    addresses = {name: f"http://127.0.0.1:{free_port()}" for name in names}
    settings = write_home(home, **addresses, SNOWFLAKE_PORT=str(free_port()))
    log = home / "up.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [INMET, "up"], cwd=ROOT, env=clean_environ(home), stdout=stream, stderr=stream
        )
    _await(lambda: "Everything runs" in log.read_text(), log)
    yield settings
    down = subprocess.run(
        [INMET, "down"], cwd=ROOT, env=clean_environ(home), capture_output=True, check=False
    )
    assert down.stdout.strip() == b"all services stopped"
    process.wait(10)
    assert "all services stopped" in log.read_text()


def _await(condition: object, log: Path) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, log.read_text()[-5000:]
        time.sleep(0.1)


def _stations_in_csv(settings: Settings) -> set[str]:
    path = settings.processed_dir / "inmet_clean.csv"
    lines = path.read_text().splitlines()[1:] if path.exists() else []
    return {line.partition(",")[0] for line in lines}


def test_a_file_sent_to_the_service_reaches_the_csv_without_a_hand(running: Settings) -> None:
    answer = httpx.post(
        f"{running.upload_url}/upload", files={"file": ("a.CSV", small_portal_file("A101"))}
    )
    assert answer.status_code == 201
    status_url = answer.json()["files"][0]["status_url"]
    log = running.home / "up.log"
    _await(lambda: "A101" in _stations_in_csv(running), log)
    assert httpx.get(status_url).json()["state"] == "clean"
    stations = httpx.get(f"{running.data_url}/stations").json()["rows"]
    assert "A101" in {station["station_id"] for station in stations}


def test_upload_with_wait_ends_when_the_file_is_clean(running: Settings, tmp_path: Path) -> None:
    file = tmp_path / "a.CSV"
    file.write_bytes(small_portal_file("A101"))  # there already, or on its way
    told = subprocess.run(
        [INMET, "upload", "--wait", file],
        cwd=ROOT,
        env=clean_environ(running.home),
        capture_output=True,
        check=True,
    )
    assert told.stdout.decode().splitlines()[-1] == "a.CSV: clean"


def test_an_object_put_straight_into_raw_reaches_the_csv_without_a_hand(running: Settings) -> None:
    s3 = boto3.client("s3", **running.aws_client_arguments())
    data = small_portal_file("A102")
    s3.put_object(Bucket=running.s3_bucket, Key="raw/por mão/dados.CSV", Body=data)
    _await(lambda: "A102" in _stations_in_csv(running), running.home / "up.log")


def test_every_service_answers(running: Settings) -> None:
    told = subprocess.run(
        [INMET, "status"],
        cwd=ROOT,
        env=clean_environ(running.home),
        capture_output=True,
        check=True,
    )
    assert told.stdout.decode().count("answers") == 5
