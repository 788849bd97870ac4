"""Whether a run lives is asked of its process, and in a team of what the run renews."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.launcher.base import WorkerStatus
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._daemon.monitoring.run_monitoring import execute_run_monitoring_iteration

from inmet_platform.automation import heartbeat, launcher
from inmet_platform.automation import instance as instance_of_home
from inmet_platform.automation.executor import beating_executor
from inmet_platform.automation.heartbeat import beating, last_beat
from inmet_platform.automation.instance import dagster_home
from inmet_platform.automation.launcher import WatchedRunLauncher
from inmet_platform_tests.embedded import ROOT
from inmet_platform_tests.mariadb import DAGSTER_TAKES_MYSQL, MariaDb
from inmet_platform_tests.processes import await_that


@dg.op
def work() -> None:
    pass


@dg.job(executor_def=beating_executor)
def working() -> None:
    work()


@pytest.fixture
def team(mariadb: MariaDb, tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    if not DAGSTER_TAKES_MYSQL:
        pytest.skip("dagster-mysql has no release for Python 3.14")
    shutil.copy(ROOT / "infra" / "dagster" / "dagster.mysql.yaml", tmp_path / "dagster.yaml")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in mariadb.environ("dagster").items():
            patch.setenv(name, value)
        patch.setattr(heartbeat, "BEATS_EVERY_S", 0.05)
        patch.setattr(launcher, "SILENT_FOR_S", 0.3)
        with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
            yield instance


def _health(instance: dg.DagsterInstance, run: dg.DagsterRun) -> WorkerStatus:
    assert isinstance(instance.run_launcher, WatchedRunLauncher)
    return instance.run_launcher.check_run_worker_health(run).status


def _begun(instance: dg.DagsterInstance, job: str) -> dg.DagsterRun:
    run = instance.create_run_for_job(working)
    instance.report_engine_event(f"{job} begins", run)
    return run


def test_a_run_of_a_team_lives_as_long_as_it_renews_its_sign(
    team: dg.DagsterInstance, tmp_path: Path
) -> None:
    run = _begun(team, "a run")
    assert _health(team, run) == WorkerStatus.RUNNING, "one that has not begun"
    with beating(team, run.run_id):
        first = last_beat(team, run.run_id)
        await_that(lambda: last_beat(team, run.run_id) not in (None, first), tmp_path)
        statuses: list[WorkerStatus] = []
        await_that(
            lambda: bool(statuses.append(_health(team, run))) or len(statuses) > 20, tmp_path
        )
        assert set(statuses) == {WorkerStatus.RUNNING}
    await_that(lambda: _health(team, run) == WorkerStatus.FAILED, tmp_path)


def test_two_runs_do_not_take_each_others_sign_for_theirs(
    team: dg.DagsterInstance, tmp_path: Path
) -> None:
    dead, alive = _begun(team, "one"), _begun(team, "another")
    with beating(team, dead.run_id):
        pass
    with beating(team, alive.run_id):
        await_that(lambda: _health(team, dead) == WorkerStatus.FAILED, tmp_path)
        assert _health(team, alive) == WorkerStatus.RUNNING


def test_every_run_of_the_platform_gives_signs(team: dg.DagsterInstance) -> None:
    with dg.execute_job(dg.reconstructable(working), instance=team) as result:
        assert result.success
        assert last_beat(team, result.run_id) is not None


# A process that is at work in a run of the instance of a folder, until it is killed.
_AT_WORK = """
import os, signal, sys
import dagster as dg
from dagster._core.events import EngineEventData
from inmet_platform_tests.automation.test_signs_of_life import working
with dg.DagsterInstance.from_config(sys.argv[1]) as instance:
    run = instance.create_run_for_job(working, status=dg.DagsterRunStatus.STARTED)
    instance.report_engine_event("begins", run, EngineEventData.in_process(os.getpid()))
    print(run.run_id, flush=True)
    signal.pause()
"""


def test_dagster_tells_a_run_whose_process_was_killed_as_failed_and_leaves_the_others(
    tmp_path: Path,
) -> None:
    home = dagster_home(tmp_path)
    with dg.DagsterInstance.from_config(str(home)):
        pass  # of two that find no tables, Dagster has the second fail
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", _AT_WORK, str(home)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    try:
        killed, alive = (run.stdout.readline().strip() for run in runs if run.stdout)
        runs[0].kill()
        runs[0].wait()
        with (
            dg.DagsterInstance.from_config(str(home)) as instance,
            WorkspaceProcessContext(instance, None) as workspace,  # type: ignore[arg-type]
        ):
            list(execute_run_monitoring_iteration(workspace, dg.get_dagster_logger()))
            statuses = {run.run_id: run.status for run in instance.get_runs()}
        assert statuses == {
            killed: dg.DagsterRunStatus.FAILURE,
            alive: dg.DagsterRunStatus.STARTED,
        }
    finally:
        for run in runs:
            run.kill()
            run.communicate()


def test_a_home_of_an_earlier_version_gets_the_new_dagster_yaml_and_a_changed_one_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = dagster_home(tmp_path) / "dagster.yaml"
    new = path.read_bytes()
    monkeypatch.setattr(instance_of_home, "EARLIER", {hashlib.sha256(b"earlier").hexdigest()})
    for before, after in {b"earlier": new, b"somebody's": b"somebody's"}.items():
        path.write_bytes(before)
        dagster_home(tmp_path)
        assert path.read_bytes() == after
