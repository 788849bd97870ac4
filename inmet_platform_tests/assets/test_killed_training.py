"""A `kill -9` in a training leaves no run in MLflow that runs for ever."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from inmet_platform.assets.dead_runs import is_over
from inmet_platform.automation.instance import dagster_home
from inmet_platform.config.settings import Settings
from inmet_platform.resources.mlflow import MlflowTracking
from inmet_platform_tests.embedded import ROOT, clean_environ, write_home


def _train(settings: Settings, how: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "inmet_platform_tests.assets.dying_training"),
            *(str(settings.home), how),
        ],
        cwd=ROOT,
        env=clean_environ(settings.home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _statuses(settings: Settings) -> list[str]:
    tracking = MlflowTracking(home=str(settings.home))
    client = tracking.client()
    experiment = client.get_experiment_by_name(tracking.experiment)
    assert experiment
    runs = client.search_runs([experiment.experiment_id], order_by=["attributes.start_time ASC"])
    return [run.info.status for run in runs]


def test_the_next_training_ends_what_a_killed_one_left(
    tmp_path: Path, with_model_store: Callable[[Settings], Settings]
) -> None:
    settings = with_model_store(write_home(tmp_path))
    killed = _train(settings, "dies")
    assert killed.stdout
    assert killed.stdout.readline() == "open\n"
    killed.kill()
    killed.communicate()
    assert _statuses(settings) == ["RUNNING"]
    following = _train(settings, "lives")
    following.communicate(timeout=120)
    assert _statuses(settings)[0] == "KILLED"
    assert "RUNNING" not in _statuses(settings)
    with dg.DagsterInstance.from_config(str(dagster_home(settings.home))) as instance:
        oldest = instance.get_runs()[-1]
    assert oldest.status == dg.DagsterRunStatus.FAILURE


@pytest.mark.parametrize(("age_s", "over"), [(60.0, False), (90_000.0, True)])
def test_a_run_of_another_instance_is_left_alone_for_a_day(age_s: float, over: bool) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        assert is_over(instance, "of-another-instance", age_s) is over


def test_a_training_that_is_at_work_is_left_alone(
    tmp_path: Path, with_model_store: Callable[[Settings], Settings]
) -> None:
    tracking = MlflowTracking(home=str(with_model_store(write_home(tmp_path)).home))
    began = time.time()
    with tracking.run("test", {"dagster/run_id": "at-work"}):
        assert tracking.end_left_runs(lambda of, age: of != "at-work" or age > 60) == []
    assert time.time() - began < 60
