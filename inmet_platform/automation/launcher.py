"""Dagster's own launcher, which can also say whether a run lives: its monitoring asks."""

from __future__ import annotations

import time

import dagster as dg
from dagster._core.launcher.base import CheckRunHealthResult, WorkerStatus
from dagster._core.launcher.default_run_launcher import DefaultRunLauncher

from inmet_platform.assets.dead_runs import is_of_one_machine, process_is_gone
from inmet_platform.automation.heartbeat import last_beat

# With the pauses of the monitoring, a dead run is told as failed within 90 s.
SILENT_FOR_S = 45.0


class WatchedRunLauncher(DefaultRunLauncher):
    """Starts runs as Dagster does by default, and tells those whose process died.

    On one machine the process of a run is asked. Of a team's run the sign of life counts: one that
    did not change for `SILENT_FOR_S`, by the clock of who asks, so no clock that is set or differs
    makes a run dead. A run that never gave one counts as alive.
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        """As Dagster's; nothing has been seen yet."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._seen: dict[str, tuple[str, float]] = {}

    @property
    def supports_check_run_worker_health(self) -> bool:
        """It does; Dagster's own does not."""
        return True

    def check_run_worker_health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        """FAILED for a run whose process is gone, else RUNNING."""
        if is_of_one_machine(self._instance):
            is_dead = process_is_gone(self._instance, run.run_id)
        else:
            is_dead = self._is_silent(run.run_id)
        if not is_dead:
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        self._seen.pop(run.run_id, None)
        return CheckRunHealthResult(WorkerStatus.FAILED, "The process of this run died.")

    def _is_silent(self, run_id: str) -> bool:
        beat = last_beat(self._instance, run_id)
        if beat is None:
            return False
        seen, since = self._seen.get(run_id, (None, 0.0))
        if beat != seen:
            self._seen[run_id] = (beat, time.monotonic())
            return False
        return time.monotonic() - since > SILENT_FOR_S
