"""The sensor: one run a tick, none missed, at a cost that does not grow with the bucket."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import pytest

from inmet_platform.assets.snowflake_raw import FILES_WAITING
from inmet_platform.automation.raw_sensor import Cursor, automation, raw_files_sensor
from inmet_platform.definitions import build_defs
from inmet_platform.intake import lost_events
from inmet_platform.intake.intake import Intake
from inmet_platform.ledger.ledger import Ledger
from inmet_platform.resources.s3 import RawEventQueue, S3Bucket
from inmet_platform.resources.snowflake import SnowflakeWarehouse
from inmet_platform.storage.events import RawEvents
from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.embedded import write_home
from inmet_platform_tests.files import small_portal_file

Tick = Callable[[str | None], Any]


def _resources(chain: Chain) -> dict[str, Any]:
    home = str(chain.settings.home)
    return {
        "s3": S3Bucket(home=home),
        "queue": RawEventQueue(home=home),
        "warehouse": SnowflakeWarehouse(home=home),
    }


@pytest.fixture
def tick(chain: Chain) -> Iterator[Tick]:
    with dg.DagsterInstance.ephemeral() as instance:
        resources = _resources(chain)

        def evaluate(cursor: str | None) -> Any:
            context = dg.build_sensor_context(instance, cursor=cursor, resources=resources)
            return raw_files_sensor(context)

        yield evaluate


def _reconciles(result: dg.SensorResult) -> bool:
    [request] = result.run_requests or []
    return bool(request.run_config["ops"]["raw_s3_file"]["config"]["reconcile"])


def _starts_a_run(result: dg.SensorResult | dg.SkipReason) -> bool:
    return isinstance(result, dg.SensorResult) and bool(result.run_requests)


def _running_cursor(chain: Chain) -> str:
    """The cursor of a sensor that has been ticking: it knows the queue."""
    return _cursor(chain, time.time())


def _cursor(chain: Chain, reconciled_at: float) -> str:
    created_at = RawEvents.from_settings(chain.settings).depth().created_at
    return Cursor(
        queue_created_at=created_at, reconciled_at=reconciled_at, looked_at=time.time()
    ).model_dump_json()


def _due(cursor: str | None) -> str:
    """The same cursor when the pause after the last look is over."""
    known = Cursor.model_validate_json(cursor or "{}")
    return known.model_copy(update={"looked_at": 0.0}).model_dump_json()


def _without_events(chain: Chain) -> None:
    chain.bucket.client.put_bucket_notification_configuration(
        Bucket=chain.bucket.name, NotificationConfiguration={}
    )


def _keys_told(result: dg.SensorResult) -> list[str]:
    return [
        key
        for request in result.run_requests or []
        for key in request.run_config["ops"]["raw_s3_file"]["config"]["keys"]
    ]


def _take_events(chain: Chain) -> int:
    """Drain the queue into the ledger, as a run does; how many objects the ledger knows then."""
    with chain.session() as session:
        events = RawEvents.from_settings(chain.settings)
        intake = Intake(chain.bucket, events, session, "test", lambda _: None)
        intake.find([], reconcile=False, force=False)
        return len(intake.ledger.known_etags())


def test_the_first_tick_compares_the_bucket_and_the_second_does_nothing(
    chain: Chain, tick: Tick
) -> None:
    first = tick(None)
    assert _reconciles(first)
    assert _take_events(chain) == 0, "only S3's test event waits"
    assert isinstance(tick(first.cursor), dg.SkipReason)


def test_many_objects_are_one_run_that_takes_them_from_their_events(
    chain: Chain, tick: Tick
) -> None:
    for number in range(12):
        chain.bucket.client.put_object(
            Bucket=chain.bucket.name, Key=f"raw/z{number % 3}/{number}.CSV", Body=b"x"
        )
    result = tick(_running_cursor(chain))
    assert not _reconciles(result)
    assert _take_events(chain) == 12
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

    cursor = _running_cursor(chain)
    monkeypatch.setattr(make_call, counted)
    for number in range(3):
        chain.put(f"{number}.CSV", b"x")
        calls.clear()
        tick(cursor)
        assert calls == ["GetQueueUrl", "GetQueueAttributes"]


def test_a_queue_made_anew_has_the_bucket_compared(chain: Chain, tick: Tick) -> None:
    old = Cursor(queue_created_at="1600000000", reconciled_at=time.time())
    assert _reconciles(tick(old.model_dump_json()))


def test_a_day_without_comparison_has_the_bucket_compared(chain: Chain, tick: Tick) -> None:
    assert _reconciles(tick(_cursor(chain, time.time() - 90_000)))


def test_while_a_run_is_at_work_no_second_is_started(chain: Chain) -> None:
    chain.put("a.CSV", small_portal_file())
    job = build_defs(chain.settings).resolve_job_def("inmet_intake")
    with dg.DagsterInstance.ephemeral() as instance:
        run = instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
        context = dg.build_sensor_context(
            instance, cursor=_running_cursor(chain), resources=_resources(chain)
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
    cursor = _running_cursor(chain)
    _take_events(chain)
    with dg.DagsterInstance.ephemeral() as instance:

        def tick(now: float) -> Any:
            clock = SimpleNamespace(time=lambda: now)
            monkeypatch.setattr("inmet_platform.automation.raw_sensor.time", clock)
            context = dg.build_sensor_context(instance, cursor=cursor, resources=_resources(chain))
            return raw_files_sensor(context)

        started = time.time()
        _ended(instance, job, *left_over)
        assert isinstance(tick(started + 30), dg.SkipReason)
        assert _reconciles(tick(started + 90))
        _ended(instance, job, *left_over)
        assert not _starts_a_run(tick(started + 90)), "the pause doubles"
        assert _reconciles(tick(started + 150))
        _ended(instance, job, dg.DagsterRunStatus.SUCCESS)
        assert not _starts_a_run(tick(started + 150))


def test_an_upload_whose_event_was_lost_is_found_among_the_newest(
    chain: Chain, tick: Tick, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lost_events, "ON_ITS_WAY", timedelta(0))
    cursor = _due(_running_cursor(chain))
    _take_events(chain)
    _without_events(chain)
    known = tick(cursor)
    assert _keys_told(known) == []
    key = chain.put("a.CSV", small_portal_file())
    lost = tick(_due(known.cursor))
    assert _keys_told(lost) == [key]
    assert not _reconciles(lost)
    assert _keys_told(tick(_due(lost.cursor))) == [key], "the run has not taken it yet"
    chain.run(["raw_s3_file"], config={"raw_s3_file": {"keys": [key], "reconcile": False}})
    assert chain.states() == {"a.CSV": "landed"}
    assert _keys_told(tick(_due(lost.cursor))) == []


def test_the_ledger_is_asked_only_when_the_newest_uploads_have_changed(
    chain: Chain, tick: Tick, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lost_events, "ON_ITS_WAY", timedelta(0))
    asked: list[str] = []
    ask = Ledger.known_keys_from

    def counted(ledger: Ledger, first_key: str) -> frozenset[str]:
        asked.append(first_key)
        return ask(ledger, first_key)

    monkeypatch.setattr(Ledger, "known_keys_from", counted)
    cursor = _due(_running_cursor(chain))
    key = chain.put("a.CSV", small_portal_file())
    _take_events(chain)
    for _ in range(3):
        cursor = _due(tick(cursor).cursor)
    assert asked == [key]


def test_the_newest_uploads_are_those_of_this_hour_and_the_last(chain: Chain) -> None:
    key = chain.put("a.CSV", b"x")
    chain.bucket.client.put_object(Bucket=chain.bucket.name, Key="raw/by hand.CSV", Body=b"x")
    now = datetime.now(UTC)

    def found(later: timedelta) -> list[str]:
        return [it.key for it in lost_events.newest_uploads(chain.bucket, now + later).objects]

    assert found(timedelta(minutes=1)) == [key]
    assert found(timedelta(seconds=-1)) == [], "one whose event may still come"
    assert found(timedelta(hours=3)) == []


def test_an_object_whose_event_was_lost_is_found_by_comparison(chain: Chain) -> None:
    _without_events(chain)
    chain.put("a.CSV", small_portal_file())
    config = {"raw_s3_file": {"reconcile": False}}
    chain.run(["raw_s3_file"], config=config)
    assert chain.states() == {}
    chain.bring("land")
    assert chain.states() == {"a.CSV": "landed"}


def test_a_message_of_somebody_else_and_a_folder_stop_nothing(chain: Chain) -> None:
    events = RawEvents.from_settings(chain.settings)
    url = events.client.get_queue_url(QueueName=events.queue_name)["QueueUrl"]
    for body in ("no JSON", "[1]", '{"Records": [{"other": 1}]}'):
        events.client.send_message(QueueUrl=url, MessageBody=body)
    chain.bucket.client.put_object(Bucket=chain.bucket.name, Key="raw/folder/", Body=b"")
    chain.put("a.CSV", small_portal_file())
    assert _take_events(chain) == 1
    assert events.depth().waiting == 0


def test_an_object_deleted_before_its_turn_is_refused_and_stops_no_other(chain: Chain) -> None:
    gone = chain.put("gone.CSV", small_portal_file())
    chain.put("a.CSV", small_portal_file())
    assert _take_events(chain) == 2
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
