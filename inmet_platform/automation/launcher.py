"""Dagster's own launcher, which can also say whether a run lives: its monitoring asks."""

from __future__ import annotations

import time
from dataclasses import dataclass

import dagster as dg
from dagster._core.launcher.base import CheckRunHealthResult, WorkerStatus
from dagster._core.launcher.default_run_launcher import DefaultRunLauncher

from inmet_platform.assets.dead_runs import is_of_one_machine, process_is_gone
from inmet_platform.automation.heartbeat import last_beat

# With the pauses of the monitoring, a dead run is told as failed within 90 s.
SILENT_FOR_S = 45.0
# After so long without a look, or while the storage did not answer, silence says nothing.
LOOKED_S = 40.0
# A run of a code server of an earlier version gives no sign of life.
NEVER_HEARD_FOR_S = 1800.0


@dataclass
class _Seen:
    """A sign of life: since when it is the same, and when it was last asked for."""

    beat: str | None
    since: float
    looked: float


class WatchedRunLauncher(DefaultRunLauncher):
    """Starts runs as Dagster does by default, and tells those whose process died.

    On one machine the process of a run is asked. Of a team's run the sign of life counts: one that
    did not change for `SILENT_FOR_S`, by the clock of who asks, so no clock that is set or differs
    makes a run dead. A run that never gave one counts as alive for `NEVER_HEARD_FOR_S`.
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        """As Dagster's; nothing has been seen yet."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._seen: dict[str, _Seen] = {}

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
        beat, now = last_beat(self._instance, run_id), time.monotonic()
        seen = self._seen.get(run_id)
        if seen is None or beat != seen.beat or now - seen.looked > LOOKED_S:
            self._seen[run_id] = _Seen(beat, since=now, looked=now)
            return False
        seen.looked = now
        return now - seen.since > (SILENT_FOR_S if beat else NEVER_HEARD_FOR_S)
