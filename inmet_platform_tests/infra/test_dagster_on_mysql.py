"""Dagster's instance of a team: storage in MySQL, code behind gRPC."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pytest
import yaml
from dagster._core.run_coordinator import QueuedRunCoordinator
from dagster._core.workspace.load import location_origins_from_yaml_paths

from inmet_platform.command.doctor import PROBES, Probe
from inmet_platform.config.settings import Settings
from inmet_platform.errors import PlatformError
from inmet_platform.storage.bucket import Bucket
from inmet_platform_tests.embedded import ROOT, EmbeddedCloud, clean_environ, free_port, write_home
from inmet_platform_tests.files import small_portal_file
from inmet_platform_tests.infra.chain_run import ASSETS, prepared, run_id_of
from inmet_platform_tests.mariadb import DAGSTER_TAKES_MYSQL, MariaDb
from inmet_platform_tests.processes import running, says

INFRA = ROOT / "infra" / "dagster"
DEADLINE_S = 120.0

pytestmark = pytest.mark.skipif(
    not DAGSTER_TAKES_MYSQL, reason="dagster-mysql has no release for Python 3.14"
)


@pytest.fixture(scope="module")
def dagster_home(mariadb: MariaDb, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("dagster-home")
    shutil.copy(INFRA / "dagster.mysql.yaml", home / "dagster.yaml")
    return home


@pytest.fixture
def instance(mariadb: MariaDb, dagster_home: Path) -> Iterator[dg.DagsterInstance]:
    """The instance as any other process sees it."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in mariadb.environ("dagster").items():
            patch.setenv(name, value)
        with dg.DagsterInstance.from_config(str(dagster_home)) as opened:
            yield opened


@contextmanager
def waiting_run(
    settings: Settings, dagster_home: Path, mariadb: MariaDb
) -> Iterator[subprocess.Popen[str]]:
    """A process that imports everything, says so, and waits for a line."""
    environ = {
        **clean_environ(settings.home),
        **mariadb.environ("dagster"),
        "DAGSTER_HOME": str(dagster_home),
    }
    log = settings.home / "run.log"
    with log.open("w") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "inmet_platform_tests.infra.chain_run", str(settings.home)],
            cwd=ROOT,
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stream,
            text=True,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def told_by(process: subprocess.Popen[str], settings: Settings) -> str:
    told, _ = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 0, (settings.home / "run.log").read_text()
    return told.strip()


def stations_in_csv(settings: Settings) -> set[str]:
    lines = (settings.processed_dir / "inmet_clean.csv").read_text().splitlines()[1:]
    return {line.partition(",")[0] for line in lines}


def put(settings: Settings, station: str) -> None:
    path = settings.home / "to-put"
    path.write_bytes(small_portal_file(station))
    with path.open("rb") as stream:
        Bucket.from_settings(settings).put_raw(stream, f"{station}.CSV", {})


def test_the_chain_runs_twice_at_once_and_both_runs_are_in_the_history(
    embedded_cloud: EmbeddedCloud,
    mariadb: MariaDb,
    dagster_home: Path,
    instance: dg.DagsterInstance,
    tmp_path: Path,
) -> None:
    """One in a process of its own, one in this."""
    tenants = [embedded_cloud.tenant(tmp_path / name) for name in ("first", "second")]
    for settings, station in zip(tenants, ("A101", "A102"), strict=True):
        put(settings, station)
    job = prepared(tenants[1])
    with waiting_run(tenants[0], dagster_home, mariadb) as other:
        assert other.stdout
        assert other.stdin
        assert other.stdout.readline() == "ready\n", (tenants[0].home / "run.log").read_text()
        other.stdin.write("go\n")
        other.stdin.flush()
        ids = [run_id_of(job, instance), told_by(other, tenants[0])]
    assert [stations_in_csv(settings) for settings in tenants] == [{"A101"}, {"A102"}]
    records = {record.dagster_run.run_id: record for record in instance.get_run_records()}
    assert set(records) == set(ids)
    assert {record.dagster_run.status for record in records.values()} == {
        dg.DagsterRunStatus.SUCCESS
    }
    # They were at work at the same time, or nothing would be proved.
    starts = [record.start_time or 0.0 for record in records.values()]
    ends = [record.end_time or 0.0 for record in records.values()]
    assert max(starts) < min(ends)
    for name in ASSETS:
        found = instance.fetch_materializations(dg.AssetKey(name), limit=10).records
        assert {record.run_id for record in found} == set(ids)


def test_the_history_is_in_mysql_and_nothing_in_the_folder(
    mariadb: MariaDb, dagster_home: Path, instance: dg.DagsterInstance
) -> None:
    instance.add_dynamic_partitions("years", ["2024"])
    with mariadb.connect("dagster") as connection, connection.cursor() as cursor:
        # The chain has added the years of CLEAN.
        cursor.execute(
            "SELECT `partition` FROM dynamic_partitions WHERE partitions_def_name = 'years'"
        )
        assert cursor.fetchall() == (("2024",),)
    assert not list(dagster_home.rglob("*.db"))


def test_the_daemon_starts_at_most_two_runs_at_once(instance: dg.DagsterInstance) -> None:
    assert isinstance(instance.run_coordinator, QueuedRunCoordinator)
    assert instance.get_concurrency_config().run_queue_config.max_concurrent_runs == 2  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def code_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    home, port = tmp_path_factory.mktemp("code"), free_port()
    write_home(home)
    log = home / "code.log"
    argv = [
        *(Path(sys.executable).parent / "dagster", "api", "grpc"),
        *("-m", "inmet_platform.definitions", "--host", "127.0.0.1", "--port", str(port)),
    ]
    ready = says("Started Dagster code server", log)
    with running(argv, log, clean_environ(home), ready=ready, cwd=home):
        yield port


def test_the_workspace_finds_the_assets_on_the_code_server(
    code_server: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The port is fixed in a deployment; here only a free one may be used.
    workspace = yaml.safe_load((INFRA / "workspace.yaml").read_text())
    assert workspace["load_from"][0]["grpc_server"]["port"] == 4000
    workspace["load_from"][0]["grpc_server"]["port"] = code_server
    path = tmp_path / "workspace.yaml"
    path.write_text(yaml.safe_dump(workspace))
    monkeypatch.setenv("DAGSTER_CODE_HOST", "127.0.0.1")
    [origin] = location_origins_from_yaml_paths([str(path)])
    with dg.DagsterInstance.ephemeral() as instance:
        location = origin.create_location(instance)
        with location:
            [repository] = location.get_repositories().values()
            nodes = repository.get_asset_node_snaps()
            names = {it.asset_key.to_user_string() for it in nodes if it.is_executable}
    assert names == {*ASSETS, "trained_model", "rain_forecast"}


def test_the_doctor_opens_the_storage_or_tells_why_not(mariadb: MariaDb, tmp_path: Path) -> None:
    probe: Probe = PROBES["dagster storage"]
    assert probe(write_home(tmp_path)) == "SQLite in DAGSTER_HOME"
    settings = write_home(tmp_path, **mariadb.environ("dagster"))
    assert probe(settings).startswith(f"dagster at 127.0.0.1:{mariadb.port}, version ")
    wrong = write_home(tmp_path, **{**mariadb.environ("dagster"), "MYSQL_PASSWORD": "wrong"})
    with pytest.raises(PlatformError, match="Access denied for user") as error:
        probe(wrong)
    assert "wrong" not in str(error.value)
    nowhere = write_home(tmp_path, **{**mariadb.environ("dagster"), "MYSQL_PORT": str(free_port())})
    with pytest.raises(PlatformError, match="Start MySQL, or correct the MYSQL_ settings"):
        probe(nowhere)
