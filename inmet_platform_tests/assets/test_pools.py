"""Two runs do not merge at once; a killed one keeps nobody waiting."""

from __future__ import annotations

import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest
import yaml

from inmet_platform.assets.pools import EXPORTS, MERGES
from inmet_platform.automation.instance import dagster_home
from inmet_platform.definitions import build_defs
from inmet_platform_tests.embedded import ROOT, clean_environ, write_home

DEADLINE_S = 60.0

Run = subprocess.Popen[str]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An instance as `inmet run` makes it, with its tables."""
    folder = dagster_home(write_home(tmp_path).home)
    with dg.DagsterInstance.from_config(str(folder)):
        return folder


@pytest.fixture
def begin(home: Path) -> Iterator[Callable[[], Run]]:
    begun: list[Run] = []

    def start() -> Run:
        begun.append(
            subprocess.Popen(
                [sys.executable, "-m", "inmet_platform_tests.assets.pooled_run", str(home)],
                cwd=ROOT,
                env=clean_environ(home),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                bufsize=1,
            )
        )
        return begun[-1]

    yield start
    for process in begun:
        process.kill()
        process.communicate()


def says(process: Run, word: str) -> None:
    assert process.stdout
    readable, _, _ = select.select([process.stdout], [], [], DEADLINE_S)
    assert readable, f"{word} was expected"
    assert process.stdout.readline() == f"{word}\n"


def waits(home: Path) -> bool:
    """Whether a step stands in the queue of the pool, behind one that has it."""
    with dg.DagsterInstance.from_config(str(home)) as instance:
        info = instance.event_log_storage.get_concurrency_info(MERGES)
        return bool(info.active_slot_count == 1 and info.pending_step_count == 1)


def await_true(question: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not question():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_the_second_run_waits_for_the_first_and_then_works(
    home: Path, begin: Callable[[], Run]
) -> None:
    """In the process of a run, as by `inmet run`: the pool holds there, too.

    The second asks when the first has the pool. Of two that ask at the same instant Dagster's
    storage can let both in; what keeps those apart are the leases (`chain/test_two_runs.py`).
    """
    first = begin()
    says(first, "ready")
    says(first, "begun")
    second = begin()
    says(second, "ready")
    await_true(lambda: waits(home))
    assert second.stdout
    assert select.select([second.stdout], [], [], 0)[0] == []
    for process in (first, second):
        if process is second:
            says(second, "begun")
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
        says(process, "ended")


def test_a_killed_run_is_told_as_failed_and_its_pool_is_free(
    home: Path, begin: Callable[[], Run]
) -> None:
    killed = begin()
    says(killed, "ready")
    says(killed, "begun")
    killed.kill()
    killed.wait()
    with dg.DagsterInstance.from_config(str(home)) as instance:
        assert [run.status for run in instance.get_runs()] == [dg.DagsterRunStatus.STARTED]
    following = begin()
    says(following, "ready")
    says(following, "begun")
    with dg.DagsterInstance.from_config(str(home)) as instance:
        statuses = [run.status for run in instance.get_runs()]
    assert statuses == [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.FAILURE]


def test_merge_and_export_have_a_pool_of_one_slot_here_and_in_a_team(tmp_path: Path) -> None:
    graph = build_defs(write_home(tmp_path)).resolve_asset_graph()
    pools = {key.to_user_string(): graph.get(key).pools for key in graph.materializable_asset_keys}
    assert {name: found for name, found in pools.items() if found} == {
        "snowflake_clean": {MERGES},
        "inmet_clean_csv": {EXPORTS},
    }
    for path in ("inmet_platform/automation/dagster.yaml", "infra/dagster/dagster.mysql.yaml"):
        config = yaml.safe_load((ROOT / path).read_text())
        assert config["concurrency"]["pools"] == {"default_limit": 1, "granularity": "op"}
        assert config["run_monitoring"]["free_slots_after_run_end_seconds"] > 0
