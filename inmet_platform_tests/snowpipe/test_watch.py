"""Each way in which Snowpipe stops: what the watch says, what it mends, what it leaves alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import dagster as dg
import pytest

from inmet_platform.automation.pipe_sensor import Memory
from inmet_platform.command.report import status_text
from inmet_platform.snowpipe.loading import load_landed
from inmet_platform.warehouse.session import Session
from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.snowpipe.watching import (
    DEADLINE_S,
    OTHER,
    PIPES,
    Told,
    Watch,
    age,
    await_rows,
    await_told,
    bootstrap_again,
    land,
    silence,
)


def test_pipes_that_go_on_cost_two_statements_a_tick_and_are_told_once(
    chain: Chain, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    query = Session.query_text

    def counted(session: Session, text: str, values: dict[str, Any] | None = None) -> Any:
        asked.append(text)
        return query(session, text, values)

    land(chain)
    monkeypatch.setattr(Session, "query_text", counted)
    assert watch.tick().evaluation.passed
    assert watch.tick() == Told(None, "All pipes go on.")
    assert len(asked) == 4
    assert asked[:2] == asked[2:], "Snowflake answers the same text from its cache"
    await_rows(chain, "RAW.OBSERVATIONS", 72)
    status = status_text(chain.settings)
    assert "  observations      RUNNING, 0 pending; last ingested 20" in status
    assert "file(s) wait" in status, "the ledger waits until a run has looked"
    chain.run(["snowflake_raw"])
    assert "no lag" in status_text(chain.settings)


def test_a_paused_pipe_stays_paused_unless_the_setting_says_otherwise(
    chain: Chain, watch: Watch
) -> None:
    chain.sql("ALTER PIPE RAW.OBSERVATIONS_PIPE SET PIPE_EXECUTION_PAUSED = TRUE")
    land(chain)
    told = watch.tick()
    assert told.says("PAUSED")
    assert told.severity == dg.AssetCheckSeverity.WARN
    assert watch.tick().skipped.startswith("Told before: RAW.OBSERVATIONS_PIPE: PAUSED.")
    with (chain.settings.home / ".env").open("a") as dotenv:
        dotenv.write("SNOWPIPE_RESUME_PAUSED=true\n")
    assert "It was resumed, since SNOWPIPE_RESUME_PAUSED is set." in watch.tick().offenders
    await_rows(chain, "RAW.OBSERVATIONS", 72)
    assert watch.tick().evaluation.passed


def test_a_dead_notification_is_told_and_a_run_that_waits_gets_its_files(
    chain: Chain, watch: Watch
) -> None:
    silence(chain)
    land(chain)
    assert watch.tick().evaluation.passed, "nothing is overdue yet"
    age(chain)
    with chain.session() as session, ThreadPoolExecutor(1) as pool:
        run = pool.submit(load_landed, session, chain.bucket, 600 + DEADLINE_S, lambda _: None)
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
    silence(chain)
    land(chain)
    age(chain)
    bootstrap_again(chain)
    land(chain, "b.CSV", OTHER)
    await_rows(chain, "RAW.OBSERVATIONS", 48)
    [lost] = chain.sql(
        "SELECT landing_key FROM RAW.LANDING_FILES "
        "WHERE table_name = 'observations' AND row_count = 72"
    )
    chain.bucket.client.delete_object(Bucket=chain.bucket.name, Key=lost["landing_key"])
    told = watch.tick()
    assert told.says("MISSED_FILES")
    assert told.severity == dg.AssetCheckSeverity.WARN
    assert lost["landing_key"] in told.offenders
    asked = Memory.model_validate_json(watch.cursor or "").asked
    assert lost["landing_key"] in asked
    assert len(asked) == 2
    await_rows(chain, "RAW.STATION_HEADERS", 2)
    # The Parquet is gone, so REFRESH finds nothing: it is told still, and asked for no more.
    assert "REFRESH." not in watch.tick().offenders
    assert watch.tick().skipped.startswith("Told before")


def test_a_missing_table_is_left_to_a_human_and_what_it_missed_is_asked_for_after(
    chain: Chain, watch: Watch
) -> None:
    chain.sql("ALTER TABLE RAW.OBSERVATIONS RENAME TO RAW.AWAY")
    land(chain)
    await_told(chain)
    age(chain)
    assert watch.tick().says("STOPPED_MISSING_TABLE")
    assert not chain.sql("SHOW TABLES LIKE 'OBSERVATIONS' IN SCHEMA RAW")
    chain.sql("ALTER TABLE RAW.AWAY RENAME TO RAW.OBSERVATIONS")
    assert "RAW.OBSERVATIONS_PIPE: MISSED_FILES" in watch.tick().offenders
    await_rows(chain, "RAW.OBSERVATIONS", 72)


def test_after_a_dropped_stage_the_pipes_made_anew_load_only_what_is_not_in_raw(
    chain: Chain, watch: Watch
) -> None:
    land(chain)
    await_rows(chain, "RAW.OBSERVATIONS", 72)
    chain.sql("DROP STAGE RAW.LANDING")
    land(chain, "b.CSV", OTHER)
    await_told(chain)
    age(chain)
    told = watch.tick()
    assert told.says("STOPPED_STAGE_DROPPED")
    assert all(f"{pipe}: STOPPED_STAGE_DROPPED" in told.offenders for pipe in PIPES)
    bootstrap_again(chain)
    assert watch.tick().skipped.startswith("Told before"), "the stage alone is not enough"
    for pipe in PIPES:
        chain.sql(f"DROP PIPE {pipe}")
    assert watch.tick().says("NO_PIPE")
    bootstrap_again(chain)
    assert "1 of them were asked for by REFRESH." in watch.tick().offenders
    await_rows(chain, "RAW.OBSERVATIONS", 72 + 48)
    chain.run(["snowflake_raw"])
    assert set(chain.states().values()) == {"loaded"}
    assert chain.count("RAW.OBSERVATIONS") == 72 + 48


def test_an_altered_stage_and_a_bucket_that_cannot_be_read_are_told(
    chain: Chain, watch: Watch
) -> None:
    name = chain.bucket.name
    silence(chain)
    chain.bucket.client.delete_bucket(Bucket=name)
    told = watch.tick()
    assert told.says("STALLED_STAGE_PERMISSION_ERROR")
    assert f"Access to s3://{name}/landing/observations/ failed" in told.offenders
    assert "NoSuchBucket" in told.offenders
    bootstrap_again(chain)
    assert watch.tick().evaluation.passed
    chain.sql(f"ALTER STAGE RAW.LANDING SET URL = 's3://{name}/elsewhere/'")
    assert watch.tick().says("STOPPED_STAGE_ALTERED")
