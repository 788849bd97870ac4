"""A training that fails is FAILED in MLflow, however it was launched, each in a run of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from mlflow.entities import Run

from inmet_platform.config.settings import Settings
from inmet_platform.resources.mlflow import MlflowTracking
from inmet_platform_tests.command.typed import inmet
from inmet_platform_tests.embedded import ROOT, EmbeddedCloud, clean_environ, free_port
from inmet_platform_tests.files import small_portal_file
from inmet_platform_tests.processes import running

BIN = Path(sys.executable).parent
MODULE = ("-m", "inmet_platform.definitions")
DEADLINE_S = 120.0


@pytest.fixture(scope="module")
def broken(
    embedded_cloud: EmbeddedCloud,
    tmp_path_factory: pytest.TempPathFactory,
    with_model_store: Callable[[Settings], Settings],
) -> Settings:
    """A tenant in whose results the Parquet of a year that no run writes again is none."""
    settings = with_model_store(embedded_cloud.loaders_tenant(tmp_path_factory.mktemp("broken")))
    folder = settings.processed_dir / "inmet_clean"
    folder.mkdir(parents=True)
    (folder / "1999.parquet").write_bytes(b"no Parquet")
    (settings.processed_dir / "inmet_stations.csv").write_text("station_id\nA001\n")
    return settings


@pytest.fixture(scope="module")
def environ(broken: Settings, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    home = tmp_path_factory.mktemp("dagster-home")
    return {**clean_environ(broken.home), "DAGSTER_HOME": str(home)}


def runs(settings: Settings) -> list[Run]:
    tracking = MlflowTracking(home=str(settings.home))
    client = tracking.client()
    found = client.get_experiment_by_name(tracking.experiment)
    return list(client.search_runs([found.experiment_id])) if found else []


def command(environ: dict[str, str], *argv: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(BIN / argv[0]), *argv[1:]],
        cwd=ROOT,
        env=environ,
        text=True,
        capture_output=True,
        timeout=DEADLINE_S,
        check=False,
    )


def assert_one_more_has_failed(settings: Settings, before: list[Run], said: str) -> None:
    known = {run.info.run_id for run in before}
    fresh = [run for run in runs(settings) if run.info.run_id not in known]
    assert [run.info.status for run in fresh] == ["FAILED"], said
    tags = [run.data.tags["dagster/run_id"] for run in [*before, *fresh]]
    assert len(set(tags)) == len(tags), "two Dagster runs shared a run of MLflow"


@pytest.mark.parametrize(
    "argv",
    [
        ("dagster", "asset", "materialize", *MODULE, "--select", "trained_model"),
        ("dg", "launch", "--assets", "trained_model"),
    ],
    ids=["dagster asset materialize", "dg launch"],
)
def test_by_a_command(broken: Settings, environ: dict[str, str], argv: tuple[str, ...]) -> None:
    before = runs(broken)
    done = command(environ, *argv)
    assert done.returncode != 0, done.stdout
    assert_one_more_has_failed(broken, before, done.stdout + done.stderr)


def test_by_inmet_run(broken: Settings, tmp_path: Path) -> None:
    file = tmp_path / "a.CSV"
    file.write_bytes(small_portal_file())
    before = runs(broken)
    done = inmet(broken.home, "run", str(file))
    assert done.returncode == 1, done.stdout
    assert "trained_model failed: " in done.stderr
    assert "Materialize inmet_clean_csv again" in done.stderr
    assert_one_more_has_failed(broken, before, done.stdout + done.stderr)


@pytest.fixture
def dagster_url(broken: Settings, environ: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """`dagster dev`: webserver, daemon, code server, and the instance's own run launcher."""
    port, log = free_port(), tmp_path / "dagster.log"
    argv = [str(BIN / "dagster"), "dev", *MODULE, "-h", "127.0.0.1", "-p", str(port)]
    url = f"http://127.0.0.1:{port}/graphql"
    with running(argv, log, environ, ready=lambda: bool(_locations(url)), by=signal.SIGINT):
        yield url


def _ask(url: str, query: str, **variables: object) -> dict[str, object]:
    answer = httpx.post(url, json={"query": query, "variables": variables}, timeout=30)
    told: dict[str, object] = answer.raise_for_status().json()
    assert "errors" not in told, json.dumps(told)
    return dict(told["data"])  # type: ignore[call-overload]


def _locations(url: str) -> list[dict[str, str]]:
    try:
        told = _ask(
            url,
            "{ repositoriesOrError { ... on RepositoryConnection { nodes "
            "{ name location { name } } } } }",
        )
    except httpx.HTTPError:
        return []
    return list(told["repositoriesOrError"]["nodes"])  # type: ignore[index, call-overload]


LAUNCH = """
mutation Launch($params: ExecutionParams!) {
  launchRun(executionParams: $params) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
    ... on PythonError { message }
  }
}
"""
STATUS = "query S($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"


def test_by_the_daemon(broken: Settings, dagster_url: str) -> None:
    """Launched through GraphQL, as the page does, and executed by the instance's launcher."""
    before = runs(broken)
    [repository] = _locations(dagster_url)
    selector = {
        "repositoryName": repository["name"],
        "repositoryLocationName": repository["location"]["name"],  # type: ignore[index]
        "jobName": "__ASSET_JOB",
        "assetSelection": [{"path": ["trained_model"]}],
        "assetCheckSelection": [],
    }
    told = _ask(dagster_url, LAUNCH, params={"selector": selector, "mode": "default"})
    launched = told["launchRun"]
    assert launched["__typename"] == "LaunchRunSuccess", launched  # type: ignore[index]
    run_id = launched["run"]["runId"]  # type: ignore[index]
    deadline = time.monotonic() + DEADLINE_S
    while (status := _ask(dagster_url, STATUS, id=run_id)["runOrError"]["status"]) not in {  # type: ignore[index]
        "FAILURE",
        "SUCCESS",
    }:
        assert time.monotonic() < deadline, status
        time.sleep(0.2)
    assert status == "FAILURE"
    assert_one_more_has_failed(broken, before, status)
