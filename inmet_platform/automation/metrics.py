"""The chain's metrics, read from Dagster's instance: no scrape wakes a warehouse.

They are served by Dagster's webserver, which the whole team shares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import dagster as dg
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus
from prometheus_client.core import GaugeMetricFamily, Metric

from inmet_platform.errors import StorageError
from inmet_platform.storage.events import RawEvents

ASSETS = (
    *("raw_s3_file", "snowflake_raw", "snowflake_clean", "inmet_clean_csv"),
    *("trained_model", "rain_forecast"),
)
_ENDED = {AssetCheckExecutionRecordStatus.SUCCEEDED, AssetCheckExecutionRecordStatus.FAILED}

# Metadata of an asset.
ROWS, SECONDS = "dagster/row_count", "seconds"


class ChainMetrics:
    """A collector of prometheus_client: what the chain last did, and what waits."""

    def __init__(
        self,
        instance: dg.DagsterInstance,
        check_keys: Callable[[], Iterable[dg.AssetCheckKey]],
        events: RawEvents | None,
    ) -> None:
        """Keep what is asked at each scrape.

        Args:
            instance: of Dagster, shared by the team.
            check_keys: gives the checks that there are.
            events: the queue of new objects; None where nobody has its keys.
        """
        self._instance, self._check_keys, self._events = instance, check_keys, events

    def collect(self) -> Iterator[Metric]:
        """All metrics, anew."""
        yield from self._of_assets()
        yield self._runs()
        yield self._failed_checks()
        if self._events is not None:
            yield from _queue(self._events)

    def _of_assets(self) -> Iterator[Metric]:
        made = _gauge("asset_last_success_timestamp_seconds", "When an asset was made", "asset")
        seconds = _gauge("asset_duration_seconds", "How long an asset took when last made", "asset")
        rows = _gauge("asset_rows", "Rows that an asset held when last made", "asset")
        files = _gauge("files", "Files of the ledger when a run last looked", "state")
        oldest = _gauge(
            "oldest_waiting_file_timestamp_seconds",
            "When the oldest file came in that was not clean when a run last looked",
        )
        newest, ledger = 0.0, dict[str, Any]()
        for record in self._instance.get_asset_records([dg.AssetKey(name) for name in ASSETS]):
            entry = record.asset_entry.last_materialization_record
            materialization = entry.asset_materialization if entry else None
            if entry is None or materialization is None:
                continue
            name = materialization.asset_key.to_user_string()
            told: dict[str, Any] = {key: it.value for key, it in materialization.metadata.items()}
            made.add_metric([name], entry.timestamp)
            for metadata, gauge in ((SECONDS, seconds), (ROWS, rows)):
                if metadata in told:
                    gauge.add_metric([name], float(told[metadata]))
            if "files_by_state" in told and entry.timestamp > newest:
                newest, ledger = entry.timestamp, told
        for state, count in ledger.get("files_by_state", {}).items():
            files.add_metric([state], count)
        if "oldest_waiting_at" in ledger:
            oldest.add_metric([], float(ledger["oldest_waiting_at"]))
        yield from (made, seconds, rows, files, oldest)

    def _runs(self) -> Metric:
        runs = _gauge("runs", "Runs that Dagster knows", "status")
        for status in dg.DagsterRunStatus:
            count = self._instance.get_runs_count(dg.RunsFilter(statuses=[status]))
            runs.add_metric([status.value], count)
        return runs

    def _failed_checks(self) -> Metric:
        failed = _gauge("check_failed", "1 when a check failed when last made", "asset", "check")
        storage = self._instance.event_log_storage
        for key in sorted(self._check_keys()):
            # The newest of all may be one that a run plans, and has not come to.
            records = storage.get_asset_check_execution_history(key, limit=1, status=_ENDED)
            for record in records:
                value = record.status == AssetCheckExecutionRecordStatus.FAILED
                failed.add_metric([key.asset_key.to_user_string(), key.name], float(value))
        return failed


def _queue(events: RawEvents) -> Iterator[Metric]:
    waiting = _gauge("raw_events_waiting", "Events of new raw objects that no run has taken")
    dead = _gauge("raw_events_dead", "Events that failed five times: the dead-letter queue")
    reached = _gauge("queue_up", "1 when the queue answered this scrape")
    try:
        waiting.add_metric([], events.depth().waiting)
        letters = events.dead_letters()
        dead.add_metric([], letters.count if letters else 0)
        reached.add_metric([], 1)
    except StorageError:
        reached.add_metric([], 0)
    yield from (waiting, dead, reached)


def _gauge(name: str, words: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"inmet_{name}", words, labels=labels)
