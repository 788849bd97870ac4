"""The sensor: one run a tick, none missed, at a cost that does not grow with the bucket."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import pytest

from inmet_platform.assets.snowflake_raw import FILES_WAITING
from inmet_platform.automation.raw_sensor import Cursor, automation, raw_files_sensor
from inmet_platform.definitions import build_defs
from inmet_platform.storage.events import RawEvents
from inmet_platform_tests.automation.ticking import (
    Tick,
    cursor_of,
    reconciles,
    resources,
    running_cursor,
    take_events,
)
from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.embedded import write_home
from inmet_platform_tests.files import small_portal_file


def _starts_a_run(result: dg.SensorResult | dg.SkipReason) -> bool:
    return isinstance(result, dg.SensorResult) and bool(result.run_requests)


def test_the_first_tick_compares_the_bucket_and_the_second_does_nothing(
    chain: Chain, tick: Tick
) -> None:
    first = tick(None)
    assert reconciles(first)
    assert take_events(chain) == 0, "only S3's test event waits"
    assert isinstance(tick(first.cursor), dg.SkipReason)


def test_many_objects_are_one_run_that_takes_them_from_their_events(
    chain: Chain, tick: Tick
) -> None:
    for number in range(12):
        chain.bucket.client.put_object(
            Bucket=chain.bucket.name, Key=f"raw/z{number % 3}/{number}.CSV", Body=b"x"
        )
    result = tick(running_cursor(chain))
    assert not reconciles(result)
    assert take_events(chain) == 12
    assert isinstance(tick(result.cursor), dg.SkipReason)


def test_a_tick_lists_nothing_however_many_objects_there_are(
    chain: Chain, tick: Tick, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    make_call = "botocore.client.BaseClient._make_api_call"
    from botocore.client import BaseClient

    real = BaseClient._make_api_call

    def counted(client: Any, operation: str, arguments: Any) -> Any:
        calls.append(operation)
        return real(client, operation, arguments)

    cursor = running_cursor(chain)
    monkeypatch.setattr(make_call, counted)
    for number in range(3):
        chain.put(f"{number}.CSV", b"x")
        calls.clear()
        tick(cursor)
        assert calls == ["GetQueueUrl", "GetQueueAttributes"]


def test_a_queue_made_anew_has_the_bucket_compared(chain: Chain, tick: Tick) -> None:
    old = Cursor(queue_created_at="1600000000", reconciled_at=time.time())
    assert reconciles(tick(old.model_dump_json()))


def test_a_day_without_comparison_has_the_bucket_compared(chain: Chain, tick: Tick) -> None:
    assert reconciles(tick(cursor_of(chain, time.time() - 90_000)))


def test_while_a_run_is_at_work_no_second_is_started(chain: Chain) -> None:
    chain.put("a.CSV", small_portal_file())
    job = build_defs(chain.settings).resolve_job_def("inmet_intake")
    with dg.DagsterInstance.ephemeral() as instance:
        run = instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
        context = dg.build_sensor_context(
            instance, cursor=running_cursor(chain), resources=resources(chain)
        )
        skipped = raw_files_sensor(context)
        assert isinstance(skipped, dg.SkipReason)
        assert run.run_id in str(skipped.skip_message)


def _ended(
    instance: dg.DagsterInstance,
    job: Any,
    status: dg.DagsterRunStatus,
    tags: dict[str, str] | None = None,
) -> None:
    instance.create_run_for_job(job, status=status, tags=tags)


FAILED: tuple[dg.DagsterRunStatus, dict[str, str]] = (dg.DagsterRunStatus.FAILURE, {})
WAITS = (dg.DagsterRunStatus.SUCCESS, {FILES_WAITING: "1"})


@pytest.mark.parametrize("left_over", [FAILED, WAITS], ids=["failed", "files wait for Snowpipe"])
def test_after_a_run_that_left_something_the_next_starts_by_itself_when_the_pause_is_over(
    chain: Chain,
    monkeypatch: pytest.MonkeyPatch,
    left_over: tuple[dg.DagsterRunStatus, dict[str, str]],
) -> None:
    job = build_defs(chain.settings).resolve_job_def("inmet_intake")
    cursor = running_cursor(chain)
    take_events(chain)
    with dg.DagsterInstance.ephemeral() as instance:

        def tick(now: float) -> Any:
            clock = SimpleNamespace(time=lambda: now)
            monkeypatch.setattr("inmet_platform.automation.raw_sensor.time", clock)
            context = dg.build_sensor_context(instance, cursor=cursor, resources=resources(chain))
            return raw_files_sensor(context)

        started = time.time()
        _ended(instance, job, *left_over)
        assert isinstance(tick(started + 30), dg.SkipReason)
        assert reconciles(tick(started + 90))
        _ended(instance, job, *left_over)
        assert not _starts_a_run(tick(started + 90)), "the pause doubles"
        assert reconciles(tick(started + 150))
        _ended(instance, job, dg.DagsterRunStatus.SUCCESS)
        assert not _starts_a_run(tick(started + 150))


def test_a_message_of_somebody_else_and_a_folder_stop_nothing(chain: Chain) -> None:
    events = RawEvents.from_settings(chain.settings)
    url = events.client.get_queue_url(QueueName=events.queue_name)["QueueUrl"]
    for body in ("no JSON", "[1]", '{"Records": [{"other": 1}]}'):
        events.client.send_message(QueueUrl=url, MessageBody=body)
    chain.bucket.client.put_object(Bucket=chain.bucket.name, Key="raw/folder/", Body=b"")
    chain.put("a.CSV", small_portal_file())
    assert take_events(chain) == 1
    assert events.depth().waiting == 0


def test_an_object_deleted_before_its_turn_is_refused_and_stops_no_other(chain: Chain) -> None:
    gone = chain.put("gone.CSV", small_portal_file())
    chain.put("a.CSV", small_portal_file())
    assert take_events(chain) == 2
    chain.bucket.client.delete_object(Bucket=chain.bucket.name, Key=gone)
    chain.bring("land")
    assert chain.states() == {"gone.CSV": "rejected", "a.CSV": "landed"}


def test_sensor_and_automation_are_on_by_default(tmp_path: Path) -> None:
    assert raw_files_sensor.default_status == dg.DefaultSensorStatus.RUNNING
    assert automation.default_status == dg.DefaultSensorStatus.RUNNING
    graph = build_defs(write_home(tmp_path)).resolve_asset_graph()
    automated = {
        key.to_user_string()
        for key in graph.materializable_asset_keys
        if graph.get(key).automation_condition
    }
    assert automated == {"inmet_clean_csv", "trained_model", "rain_forecast"}
