"""Runs whose process died without a word: they are told as failed, and hold no slot of a pool.

A code server tells of the runs that it started, while it lives. Nobody tells of a run in the
process of a command, or of one whose machine was switched off. It would count as running for ever,
and the next one would wait for its pool.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import dagster as dg
from dagster._core.storage.dagster_run import IN_PROGRESS_RUN_STATUSES
from dagster._core.storage.event_log import SqliteEventLogStorage

LONGEST_UNKNOWN_S = 86_400.0
CLOCKS_DIFFER_S = 300.0


def end_dead_runs(instance: dg.DagsterInstance) -> list[str]:
    """Report every run as failed whose process is gone, and free the pools of all ended runs.

    Only where the instance is of one machine (SQLite): elsewhere a process may be on another one.

    Returns:
        The ids of the runs that were reported.
    """
    if not is_of_one_machine(instance):
        return []
    storage = instance.event_log_storage
    ended = []
    for run in instance.get_runs(dg.RunsFilter(statuses=[*IN_PROGRESS_RUN_STATUSES])):
        if process_is_gone(instance, run.run_id) and not _has_ended(instance, run.run_id):
            instance.report_run_failed(run, "The process of this run died.")
            ended.append(run.run_id)
    for run_id in storage.get_concurrency_run_ids():
        holder = instance.get_run_by_id(run_id)
        if holder is None or holder.is_finished:
            storage.free_concurrency_slots_for_run(run_id)
    return ended


def is_over(instance: dg.DagsterInstance, run_id: str, age_s: float) -> bool:
    """Whether a run has ended; one whose process died is told as failed first.

    Args:
        instance: that may know the run.
        run_id: of the run.
        age_s: how long ago it began, in seconds. A run that the instance does not know may be at
            work on another one; after a day it is over.
    """
    end_dead_runs(instance)
    run = instance.get_run_by_id(run_id)
    return age_s > LONGEST_UNKNOWN_S if run is None else run.is_finished


def is_of_one_machine(instance: dg.DagsterInstance) -> bool:
    """Whether all runs are processes of this machine: the instance is in SQLite."""
    return isinstance(instance.event_log_storage, SqliteEventLogStorage)


def process_is_gone(instance: dg.DagsterInstance, run_id: str) -> bool:
    """Whether the run has said in which process it is, and that one is gone."""
    said = [
        (int(str(event.engine_event_data.metadata["pid"].value)), entry.timestamp)
        for entry in instance.all_logs(run_id, of_type=dg.DagsterEventType.ENGINE_EVENT)
        if (event := entry.dagster_event) and "pid" in event.engine_event_data.metadata
    ]
    return bool(said) and not _lives(*said[-1])


def _has_ended(instance: dg.DagsterInstance, run_id: str) -> bool:
    """Whether it ended between the question for it and that for its process."""
    run = instance.get_run_by_id(run_id)
    return run is None or run.is_finished


def _lives(pid: int, said_at: float) -> bool:
    """Whether the process that said something then still lives, and not another of its number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():  # not on Linux: its number alone must do
        return True
    try:
        ticks = int(stat.read_text(encoding="utf-8").rpartition(")")[2].split()[19])
    except OSError:  # it has just ended
        return False
    uptime_s = float(Path("/proc/uptime").read_text(encoding="utf-8").split()[0])
    age_s = uptime_s - ticks / os.sysconf("SC_CLK_TCK")
    # Clocks are set, and no number of a process is given again so soon.
    return time.time() - age_s <= said_at + CLOCKS_DIFFER_S
