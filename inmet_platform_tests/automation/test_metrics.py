"""The chain's metrics come of Dagster's instance and the queue."""

from __future__ import annotations

import time
from typing import Any

import dagster as dg
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import generate_latest

from inmet_platform.automation.metrics import ChainMetrics
from inmet_platform.definitions import build_defs
from inmet_platform.storage.events import RawEvents
from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.embedded import written_anew
from inmet_platform_tests.files import small_portal_file
from inmet_platform_tests.web.test_metrics import samples


def _scraped(instance: dg.DagsterInstance, chain: Chain) -> dict[Any, float]:
    registry = CollectorRegistry()
    graph = build_defs(chain.settings).resolve_asset_graph()
    events = RawEvents.from_settings(chain.settings)
    registry.register(ChainMetrics(instance, lambda: graph.asset_check_keys, events))
    return dict(samples(generate_latest(registry).decode()))


def test_a_run_is_seen_with_its_rows_files_seconds_and_checks(chain: Chain) -> None:
    chain.put("a.CSV", small_portal_file(hours=48))
    chain.put("bad.CSV", b"no file of INMET\n")
    with dg.DagsterInstance.ephemeral() as instance:
        assert _scraped(instance, chain)["inmet_raw_events_waiting", ()] >= 2
        job = build_defs(chain.settings).resolve_implicit_global_asset_job_def()
        names = ("raw_s3_file", "snowflake_raw", "snowflake_clean")
        selection = [dg.AssetKey(name) for name in names]
        job.execute_in_process(instance=instance, asset_selection=selection)
        found = _scraped(instance, chain)
    assert found["inmet_files", (("state", "clean"),)] == 1
    assert found["inmet_files", (("state", "rejected"),)] == 1
    assert found["inmet_asset_rows", (("asset", "snowflake_clean"),)] == 48
    assert found["inmet_asset_duration_seconds", (("asset", "raw_s3_file"),)] > 0
    assert found["inmet_runs", (("status", "SUCCESS"),)] == 1
    assert found["inmet_raw_events_waiting", ()] == 0
    assert found["inmet_queue_up", ()] == 1
    labels = (("asset", "snowflake_clean"), ("check", "each_hour_is_there_once"))
    assert found["inmet_check_failed", labels] == 0
    # Every file is clean or refused.
    assert ("inmet_oldest_waiting_file_timestamp_seconds", ()) not in found


def test_a_file_that_waits_is_seen_though_nothing_merges(chain: Chain) -> None:
    chain.put("a.CSV", small_portal_file(hours=48))
    with dg.DagsterInstance.ephemeral() as instance:
        job = build_defs(chain.settings).resolve_implicit_global_asset_job_def()
        selection = [dg.AssetKey("raw_s3_file")]
        job.execute_in_process(instance=instance, asset_selection=selection)
        found = _scraped(instance, chain)
    assert found["inmet_files", (("state", "landed"),)] == 1
    assert time.time() - found["inmet_oldest_waiting_file_timestamp_seconds", ()] < 600


def test_a_check_that_a_run_plans_hides_none_that_failed(chain: Chain) -> None:
    key = dg.AssetCheckKey(dg.AssetKey("snowflake_clean"), "each_hour_is_there_once")
    labels = (("asset", "snowflake_clean"), ("check", "each_hour_is_there_once"))
    with dg.DagsterInstance.ephemeral() as instance:
        instance.report_runless_asset_event(
            dg.AssetCheckEvaluation(asset_key=key.asset_key, check_name=key.name, passed=False)
        )
        job = build_defs(chain.settings).resolve_job_def("inmet_chain")
        instance.create_run_for_job(job)
        assert _scraped(instance, chain)["inmet_check_failed", labels] == 1


def test_a_queue_that_does_not_answer_is_told_and_the_rest_is_there(
    chain: Chain, tmp_path: Any
) -> None:
    far = tmp_path / "far"
    chain.settings = written_anew(chain.settings, far, RAW_EVENTS_QUEUE="nobody-made-it")
    with dg.DagsterInstance.ephemeral() as instance:
        found = _scraped(instance, chain)
    assert found["inmet_queue_up", ()] == 0
    assert found["inmet_runs", (("status", "FAILURE"),)] == 0
