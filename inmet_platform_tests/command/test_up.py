"""All services at once, as `make up` starts them: a file goes all the way by itself."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import boto3
import httpx
import pytest

from inmet_platform.command.services import configured_services
from inmet_platform.config.settings import Settings
from inmet_platform_tests.embedded import ROOT, clean_environ, free_port, write_home, written_anew
from inmet_platform_tests.files import small_portal_file
from inmet_platform_tests.processes import INMET, answers, at_work, await_that, running, says


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Everything, started as a script starts it in the background."""
    home = tmp_path_factory.mktemp("up")
    names = ("AWS_ENDPOINT_URL", "UPLOAD_URL", "DATA_URL", "DAGSTER_URL", "MLFLOW_URL")
    addresses = {name: f"http://127.0.0.1:{free_port()}" for name in names}
    settings = write_home(home, **addresses, SNOWFLAKE_PORT=str(free_port()))
    log = home / "up.log"
    ready = says("Everything runs", log)
    with running([INMET, "up"], log, clean_environ(home), ready=ready, ignored="INT"):
        yield settings


def _inmet(settings: Settings, *arguments: str | Path) -> str:
    done = subprocess.run(
        [INMET, *arguments],
        cwd=ROOT,
        env=clean_environ(settings.home),
        capture_output=True,
        check=True,
    )
    return done.stdout.decode()


def _stations_in_csv(settings: Settings) -> set[str]:
    path = settings.processed_dir / "inmet_clean.csv"
    lines = path.read_text().splitlines()[1:] if path.exists() else []
    return {line.partition(",")[0] for line in lines}


def _process_of(settings: Settings, program: str) -> int:
    """The process that `inmet up` started for a service of this home."""
    [pid] = [
        int(folder.name)
        for folder in Path("/proc").glob("[0-9]*")
        if f"-m\0{program}\0" in _read(folder / "cmdline")
        and f"INMET_HOME={settings.home}\0" in _read(folder / "environ")
    ]
    return pid


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:  # it has just ended, or is another user's
        return ""


def test_a_file_sent_to_the_service_reaches_the_csv_without_a_hand(up: Settings) -> None:
    answer = httpx.post(
        f"{up.upload_url}/upload", files={"file": ("a.CSV", small_portal_file("A101"))}
    )
    assert answer.status_code == 201
    status_url = answer.json()["files"][0]["status_url"]
    log = up.home / "up.log"
    await_that(lambda: "A101" in _stations_in_csv(up), log)
    assert httpx.get(status_url).json()["state"] == "clean"
    stations = httpx.get(f"{up.data_url}/stations").json()["rows"]
    assert "A101" in {station["station_id"] for station in stations}


def test_upload_with_wait_ends_when_the_file_is_clean(up: Settings, tmp_path: Path) -> None:
    file = tmp_path / "a.CSV"
    file.write_bytes(small_portal_file("A101"))  # there already, or on its way
    told = _inmet(up, "upload", "--wait", file)
    assert told.splitlines()[-1] == "a.CSV: clean"


def test_an_object_put_straight_into_raw_reaches_the_csv_without_a_hand(up: Settings) -> None:
    s3 = boto3.client("s3", **up.aws_client_arguments())
    data = small_portal_file("A102")
    s3.put_object(Bucket=up.s3_bucket, Key="raw/por mão/dados.CSV", Body=data)
    await_that(lambda: "A102" in _stations_in_csv(up), up.home / "up.log")


def test_every_service_answers(up: Settings) -> None:
    assert _inmet(up, "status").count("answers") == 5


EVIL = "http://evil.example"
ORDERS = {
    "cloud": "/session/v1/login-request",
    "upload": "/upload",
    "data": "/stations",
    "mlflow": "/api/2.0/mlflow/experiments/create",
    "dagster": "/graphql",
}


@pytest.mark.parametrize("name", ORDERS)
def test_a_page_of_another_site_gives_no_service_an_order(up: Settings, name: str) -> None:
    [service] = [it for it in configured_services(up) if it.name == name]
    address = str(httpx.URL(service.ready_url).join(ORDERS[name]))
    assert httpx.post(address, headers={"origin": EVIL}, json={}).status_code == 403
    assert httpx.post(address, headers={"host": "evil.example"}, json={}).status_code == 403


def test_dagster_takes_no_order_by_get_and_its_own_page_goes_on(up: Settings) -> None:
    graphql = f"{up.dagster_url}/graphql"
    order = {"query": "mutation { reloadWorkspace { __typename } }"}
    assert httpx.get(graphql, params=order).status_code == 405
    assert httpx.get(up.dagster_url, follow_redirects=True).is_success
    asked = httpx.post(
        graphql, headers={"origin": up.dagster_url}, json={"query": "{ version }"}
    ).json()
    assert asked["data"]["version"]


def test_a_service_that_is_killed_is_started_again_and_told_in_the_status(up: Settings) -> None:
    urls = {it.name: it.ready_url for it in configured_services(up)}
    for name, program in {"data": "data_service", "cloud": "local_cloud"}.items():
        log = up.home / "up.log"
        os.kill(_process_of(up, program), signal.SIGKILL)
        await_that(says(f"{name} was started again", log), log)
        await_that(answers(urls[name]), log)
    assert "data ended with -9 and is started again in 1 s" in _inmet(up, "status")


def test_whoever_finds_the_services_of_another_home_is_told_and_leaves_them(
    up: Settings, tmp_path: Path
) -> None:
    other = written_anew(up, tmp_path / "other")
    log = other.home / "up.log"
    argv, ready = [INMET, "up"], says("Everything runs", log)
    with running(argv, log, clean_environ(other.home), ready=ready):
        assert log.read_text().count("was running already, and is not stopped") == 5
    assert _inmet(up, "status").count("answers") == 5


def test_down_tells_what_it_waits_for_and_leaves_no_process(up: Settings) -> None:
    told = _inmet(up, "down").splitlines()
    assert told[0].startswith("waiting for upload, data, mlflow, dagster")
    assert told[-2:] == ["waiting for cloud", "all services stopped"]
    assert at_work(up.home) == []
    assert _inmet(up, "down").startswith("nothing to stop")
