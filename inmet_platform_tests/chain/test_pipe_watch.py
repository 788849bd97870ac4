"""Each way in which Snowpipe stops: what the watch says, what it mends, what it leaves alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import dagster as dg
import pytest

from inmet_platform.automation.pipe_sensor import Memory, snowpipe_watch
from inmet_platform.command.report import status_text
from inmet_platform.definitions import build_defs
from inmet_platform.resources.snowflake import SnowflakeWarehouse
from inmet_platform.snowpipe.loading import load_landed
from inmet_platform.snowpipe.runbook import ENTRIES
from inmet_platform.snowpipe.watch import PipeView, diagnose, view_pipes
from inmet_platform.warehouse.bootstrap import bootstrap
from inmet_platform.warehouse.session import Session
from inmet_platform_tests.chain.conftest import Chain
from inmet_platform_tests.files import small_portal_file

GOOD = small_portal_file(hours=72)
OTHER = small_portal_file("A002", hours=48)
DEADLINE_S = 60.0
BOTH = {"RAW.OBSERVATIONS_PIPE", "RAW.STATION_HEADERS_PIPE"}


@dataclass
class Told:
    """What a tick told by the check: its evaluation, or the sentence of a tick without one."""

    evaluation: dg.AssetCheckEvaluation | None
    skipped: str

    @property
    def offenders(self) -> str:
        assert self.evaluation, self.skipped
        return str(self.evaluation.metadata["offenders"].value)

    @property
    def severity(self) -> dg.AssetCheckSeverity:
        assert self.evaluation
        return self.evaluation.severity

    def says(self, name: str) -> bool:
        """Whether it failed with that entry, and brings the runbook's paragraph."""
        assert self.evaluation, self.skipped
        assert not self.evaluation.passed
        assert f"(docs/runbook.md#{name.lower()})" in self.offenders, self.offenders
        return ENTRIES[name].paragraph() in str(self.evaluation.metadata["runbook"].value)


class Watch:
    """The sensor, tick after tick."""

    def __init__(self, chain: Chain, instance: dg.DagsterInstance) -> None:
        self.instance, self.cursor = instance, None
        self._warehouse = SnowflakeWarehouse(home=str(chain.settings.home))

    def tick(self) -> Told:
        context = dg.build_sensor_context(
            self.instance, cursor=self.cursor, resources={"warehouse": self._warehouse}
        )
        result: Any = snowpipe_watch(context)
        if isinstance(result, dg.SkipReason):
            return Told(None, str(result.skip_message))
        assert not result.run_requests
        self.cursor = result.cursor
        [evaluation] = result.asset_events or [None]
        return Told(evaluation, result.skip_reason.skip_message if result.skip_reason else "")


@pytest.fixture
def watch(chain: Chain) -> Iterator[Watch]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield Watch(chain, instance)


def _land(chain: Chain, name: str = "a.CSV", data: bytes = GOOD) -> None:
    chain.put(name, data)
    chain.run(["raw_s3_file"])


def _age(chain: Chain, minutes: int = 10) -> None:
    """As if all that waits had landed so long ago."""
    chain.sql(
        f"UPDATE RAW.LANDING_FILES SET landed_at = DATEADD(minute, -{minutes}, landed_at)"  # noqa: S608
    )


def _await(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _await_told(chain: Chain) -> None:
    """Until the pipe of the observations has been told of what waits, whether it took it or not."""

    def told() -> bool:
        with chain.session() as session:
            [view, _] = view_pipes(session)
        heard = view.moment("lastForwardedMessageTimestamp")
        newest = max(file.landed_at for file in view.waiting)
        # The event may be quicker than the ledger, which writes down when the file was put.
        return bool(heard and heard > newest - timedelta(seconds=5) and not view.pending)

    _await(told)


def _silence(chain: Chain) -> None:
    chain.bucket.client.put_bucket_notification_configuration(
        Bucket=chain.bucket.name, NotificationConfiguration={}
    )


def _bootstrap(chain: Chain) -> None:
    for _ in bootstrap(chain.settings):
        pass


def test_pipes_that_go_on_cost_two_statements_a_tick_and_are_told_once(
    chain: Chain, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    query = Session.query_text

    def counted(session: Session, text: str, values: dict[str, Any] | None = None) -> Any:
        asked.append(text)
        return query(session, text, values)

    _land(chain)
    monkeypatch.setattr(Session, "query_text", counted)
    assert watch.tick().evaluation.passed
    assert watch.tick() == Told(None, "Both pipes go on.")
    assert len(asked) == 4
    assert asked[:2] == asked[2:], "Snowflake answers the same text from its cache"
    _await(lambda: chain.count("RAW.OBSERVATIONS") == 72)
    status = status_text(chain.settings)
    assert "  observations      RUNNING, 0 pending; last ingested 20" in status
    assert "file(s) wait" in status, "the ledger waits until a run has looked"
    chain.run(["snowflake_raw"])
    assert "no lag" in status_text(chain.settings)


def test_a_paused_pipe_stays_paused_unless_the_setting_says_otherwise(
    chain: Chain, watch: Watch
) -> None:
    chain.sql("ALTER PIPE RAW.OBSERVATIONS_PIPE SET PIPE_EXECUTION_PAUSED = TRUE")
    _land(chain)
    told = watch.tick()
    assert told.says("PAUSED")
    assert told.severity == dg.AssetCheckSeverity.WARN
    assert watch.tick().skipped.startswith("Told before: RAW.OBSERVATIONS_PIPE: PAUSED.")
    with (chain.settings.home / ".env").open("a") as dotenv:
        dotenv.write("SNOWPIPE_RESUME_PAUSED=true\n")
    assert "It was resumed, since SNOWPIPE_RESUME_PAUSED is set." in watch.tick().offenders
    _await(lambda: chain.count("RAW.OBSERVATIONS") == 72)
    assert watch.tick().evaluation.passed


def test_a_dead_notification_is_told_and_a_run_that_waits_gets_its_files(
    chain: Chain, watch: Watch
) -> None:
    _silence(chain)
    _land(chain)
    assert watch.tick().evaluation.passed, "nothing is overdue yet"
    _age(chain)
    with chain.session() as session, ThreadPoolExecutor(1) as pool:
        run = pool.submit(load_landed, session, chain.bucket, DEADLINE_S, lambda _: None)
        told = watch.tick()
        assert run.result().rows == 72
    assert told.says("DEAD_NOTIFICATION")
    assert told.severity == dg.AssetCheckSeverity.ERROR
    assert told.offenders.count("1 of them were asked for by REFRESH.") == 2
    assert watch.tick().evaluation.passed
    assert chain.states() == {"a.CSV": "loaded"}


def test_a_file_without_an_event_among_others_is_asked_for_by_its_name_and_not_again_at_once(
    chain: Chain, watch: Watch
) -> None:
    _silence(chain)
    _land(chain)
    _age(chain)
    _bootstrap(chain)
    _land(chain, "b.CSV", OTHER)
    _await(lambda: chain.count("RAW.OBSERVATIONS") == 48)
    [lost] = chain.sql(
        "SELECT landing_key FROM RAW.LANDING_FILES "
        "WHERE table_name = 'observations' AND row_count = 72"
    )
    chain.bucket.client.delete_object(Bucket=chain.bucket.name, Key=lost["landing_key"])
    told = watch.tick()
    assert told.says("MISSED_FILES")
    assert told.severity == dg.AssetCheckSeverity.WARN
    assert lost["landing_key"] in told.offenders
    assert lost["landing_key"] in Memory.load(watch.cursor).asked
    assert len(Memory.load(watch.cursor).asked) == 2
    _await(lambda: chain.count("RAW.STATION_HEADERS") == 2)
    # The Parquet is gone, so REFRESH finds nothing: it is told still, and asked for no more.
    assert "REFRESH." not in watch.tick().offenders
    assert watch.tick().skipped.startswith("Told before")


def test_a_missing_table_is_left_to_a_human_and_what_it_missed_is_asked_for_after(
    chain: Chain, watch: Watch
) -> None:
    chain.sql("ALTER TABLE RAW.OBSERVATIONS RENAME TO RAW.AWAY")
    _land(chain)
    _await_told(chain)
    _age(chain)
    assert watch.tick().says("STOPPED_MISSING_TABLE")
    assert not chain.sql("SHOW TABLES LIKE 'OBSERVATIONS' IN SCHEMA RAW")
    chain.sql("ALTER TABLE RAW.AWAY RENAME TO RAW.OBSERVATIONS")
    assert "RAW.OBSERVATIONS_PIPE: MISSED_FILES" in watch.tick().offenders
    _await(lambda: chain.count("RAW.OBSERVATIONS") == 72)


def test_after_a_dropped_stage_the_pipes_made_anew_load_only_what_is_not_in_raw(
    chain: Chain, watch: Watch
) -> None:
    _land(chain)
    _await(lambda: chain.count("RAW.OBSERVATIONS") == 72)
    chain.sql("DROP STAGE RAW.LANDING")
    _land(chain, "b.CSV", OTHER)
    _await_told(chain)
    _age(chain)
    told = watch.tick()
    assert told.says("STOPPED_STAGE_DROPPED")
    assert all(f"{pipe}: STOPPED_STAGE_DROPPED" in told.offenders for pipe in BOTH)
    _bootstrap(chain)
    assert watch.tick().skipped.startswith("Told before"), "the stage alone is not enough"
    for pipe in BOTH:
        chain.sql(f"DROP PIPE {pipe}")
    assert watch.tick().says("NO_PIPE")
    _bootstrap(chain)
    assert "1 of them were asked for by REFRESH." in watch.tick().offenders
    _await(lambda: chain.count("RAW.OBSERVATIONS") == 72 + 48)
    chain.run(["snowflake_raw"])
    assert set(chain.states().values()) == {"loaded"}
    assert chain.count("RAW.OBSERVATIONS") == 72 + 48


def test_an_altered_stage_and_a_bucket_that_cannot_be_read_are_told(
    chain: Chain, watch: Watch
) -> None:
    name = chain.bucket.name
    _silence(chain)
    chain.bucket.client.delete_bucket(Bucket=name)
    told = watch.tick()
    assert told.says("STALLED_STAGE_PERMISSION_ERROR")
    assert f"Access to s3://{name}/landing/observations/ failed" in told.offenders
    assert "NoSuchBucket" in told.offenders
    _bootstrap(chain)
    assert watch.tick().evaluation.passed
    chain.sql(f"ALTER STAGE RAW.LANDING SET URL = 's3://{name}/elsewhere/'")
    assert watch.tick().says("STOPPED_STAGE_ALTERED")


def test_a_refused_file_is_told_until_its_raw_object_is_read_again(
    chain: Chain, watch: Watch
) -> None:
    raw_key = chain.put("a.CSV", GOOD)
    chain.run(["raw_s3_file"])
    [row] = chain.sql("SELECT landing_key FROM RAW.LANDING_FILES WHERE table_name = 'observations'")
    bad = row["landing_key"].replace("0001-", "0001-bad")
    chain.bucket.client.put_object(Bucket=chain.bucket.name, Key=bad, Body=b"no Parquet")
    chain.sql(
        f"UPDATE RAW.LANDING_FILES SET landing_key = '{bad}' WHERE table_name = 'observations'"  # noqa: S608
    )
    _age(chain)
    _await(lambda: "FAILED_FILES" in _names(chain))
    told = watch.tick()
    assert told.says("FAILED_FILES")
    assert "Parquet magic bytes not found" in told.offenders
    first = _checks(chain.run(["snowflake_raw"]))
    assert first["every_pipe_goes_on"].passed, "the run has rejected it"
    assert not first["snowpipe_refuses_no_file"].passed
    assert bad in str(first["snowpipe_refuses_no_file"].metadata)
    forced = {"raw_s3_file": {"keys": [raw_key], "force": True}}
    assert _checks(chain.run(["raw_s3_file", "snowflake_raw"], config=forced))[
        "snowpipe_refuses_no_file"
    ].passed


def _names(chain: Chain) -> set[str]:
    with chain.session() as session:
        findings = diagnose(session, view_pipes(session), overdue_s=300.0)
    return {finding.entry.name for finding in findings}


def _checks(result: dg.ExecuteInProcessResult) -> dict[str, dg.AssetCheckEvaluation]:
    return {it.check_name: it for it in result.get_asset_check_evaluations()}


def test_what_refresh_no_longer_sees_and_what_only_is_slow_are_told_apart(chain: Chain) -> None:
    _silence(chain)
    _land(chain)
    _age(chain)
    with chain.session() as session:
        views = view_pipes(session)
        busy = [
            PipeView(view.table, view.status | {"pendingFileCount": 3}, view.waiting)
            for view in views
        ]
        slow = diagnose(session, busy, overdue_s=300.0)
    assert {(finding.pipe, finding.entry.name) for finding in slow} == {
        (pipe, "LAGGING") for pipe in BOTH
    }
    _age(chain, minutes=8 * 24 * 60)
    assert _names(chain) == {"FILES_TOO_OLD"}


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("SNOWFLAKE_PASSWORD=wrong", "refused user 'inmet'"),
        ("SNOWFLAKE_PORT=9", "did not answer"),
        ("SNOWFLAKE_DATABASE=NOT_BOOTSTRAPPED", "Snowflake refused a statement"),
    ],
)
def test_a_warehouse_that_does_not_answer_is_a_skipped_tick(
    chain: Chain, watch: Watch, setting: str, sentence: str
) -> None:
    with (chain.settings.home / ".env").open("a") as dotenv:
        dotenv.write(f"{setting}\n")
    told = watch.tick()
    assert told.skipped.startswith("The pipes could not be asked. Snowflake")
    assert sentence in told.skipped
    assert watch.cursor is None, "nothing is forgotten or learnt"


def test_what_a_tick_tells_becomes_the_state_of_the_check(chain: Chain, watch: Watch) -> None:
    chain.sql("DROP PIPE RAW.OBSERVATIONS_PIPE")
    told = watch.tick()
    assert told.evaluation
    watch.instance.report_runless_asset_event(told.evaluation)
    key = dg.AssetCheckKey(dg.AssetKey("snowflake_raw"), "every_pipe_goes_on")
    assert key in build_defs(chain.settings).resolve_asset_graph().asset_check_keys
    state = watch.instance.event_log_storage.get_latest_asset_check_execution_by_key([key])[key]
    assert state.status.name == "FAILED"
    assert watch.tick().evaluation is None
    watch.instance.report_runless_asset_event(dg.AssetMaterialization("snowflake_raw"))
    again = watch.tick().evaluation
    assert again, "Dagster would show no result for the new materialization"
    [made] = watch.instance.fetch_materializations(dg.AssetKey("snowflake_raw"), limit=1).records
    assert again.target_materialization_data.storage_id == made.storage_id
    assert "observations      NO_PIPE, 0 pending; nothing ingested yet" in status_text(
        chain.settings
    )


def test_the_watch_is_on_and_ticks_no_oftener_than_once_a_minute(chain: Chain) -> None:
    sensor = build_defs(chain.settings).resolve_sensor_def("snowpipe_watch")
    assert sensor.default_status == dg.DefaultSensorStatus.RUNNING
    assert sensor.minimum_interval_seconds >= 60
