"""The cloud dies or does not go on: a sentence says so, and the next run finishes.

Runs that are killed: `test_kills.py`.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from inmet_platform.cleaning.merging import merge_batch
from inmet_platform.errors import (
    LoadTimeout,
    NotificationDead,
    PipePaused,
    PipeStalled,
    SnowpipeError,
    WarehouseError,
)
from inmet_platform.ledger.ledger import Ledger
from inmet_platform.ledger.status_copy import read_status
from inmet_platform.snowpipe.waiting import ExpectedFile, await_loads, stuck_error
from inmet_platform.warehouse.session import Session
from inmet_platform_tests.chain.conftest import Chain
from inmet_platform_tests.embedded import EmbeddedCloud
from inmet_platform_tests.files import small_portal_file, zip_of

GOOD = small_portal_file(hours=72)
MANY = zip_of({f"{n}.CSV": small_portal_file(f"A{n:03}", hours=400, seed=n) for n in range(300)})


def _failure(chain: Chain, assets: list[str], **config: dict[str, float]) -> str:
    result = chain.run(assets, config=config, raise_on_error=False)
    assert not result.success
    [event] = [event for event in result.all_events if event.is_step_failure]
    error = event.step_failure_data.error
    assert error
    assert error.cause
    return error.cause.message


def test_a_run_that_died_between_two_stages_is_finished_by_the_next(chain: Chain) -> None:
    chain.put("a.CSV", GOOD)
    chain.run(["raw_s3_file"])
    assert chain.states() == {"a.CSV": "landed"}
    chain.run(["raw_s3_file", "snowflake_raw"])
    assert chain.states() == {"a.CSV": "loaded"}
    chain.run()
    assert chain.states() == {"a.CSV": "clean"}
    assert chain.count("CLEAN.OBSERVATIONS") == 72


def test_a_claim_keeps_another_run_out_until_its_time_is_over(chain: Chain) -> None:
    chain.put("a.CSV", GOOD)
    with chain.session() as session:
        first, second = Ledger(session, "first"), Ledger(session, "second")
        first.register(chain.bucket.list_raw())
        assert len(first.claim()) == 1
        assert second.claim() == []
        [foreign] = second.foreign_claims()
        assert (foreign.run_id, foreign.file_count) == ("first", 1)
        session.query_text("UPDATE RAW.FILES SET claimed_until = '2020-01-01'::TIMESTAMP_NTZ")
        assert len(second.claim()) == 1


def test_registering_a_key_twice_is_one_row(chain: Chain) -> None:
    chain.put("a.CSV", GOOD)
    with chain.session() as session:
        for _ in range(2):
            Ledger(session, "run").register(chain.bucket.list_raw())
    assert chain.count("RAW.FILES") == 1


def test_a_cloud_killed_in_the_middle_of_a_load_loses_and_doubles_nothing(
    tmp_path: Path,
) -> None:
    cloud = EmbeddedCloud(tmp_path / "cloud")
    cloud.start()
    try:
        chain = Chain(cloud.tenant(tmp_path / "tenant"), tmp_path)
        chain.put("2020.zip", MANY)
        chain.run(["raw_s3_file"])
        cloud.kill()  # Snowpipe has the event, the load is under way or about to be
        cloud.start()
        chain.run()
        assert chain.count("RAW.OBSERVATIONS") == 300 * 400
        chain.put("again.zip", MANY)
        chain.run()
        assert chain.count("RAW.OBSERVATIONS") == 300 * 400
    finally:
        cloud.stop()


def test_a_cloud_that_is_gone_fails_the_run_and_the_next_finishes_it(tmp_path: Path) -> None:
    cloud = EmbeddedCloud(tmp_path / "cloud")
    cloud.start()
    try:
        chain = Chain(cloud.tenant(tmp_path / "tenant"), tmp_path)
        chain.put("a.CSV", GOOD)
        cloud.kill()
        assert "did not" in _failure(chain, ["raw_s3_file"])
        cloud.start()
        chain.run()
        assert chain.states() == {"a.CSV": "clean"}
    finally:
        cloud.stop()


def test_a_paused_pipe_is_told_with_what_to_do(chain: Chain) -> None:
    pause = "ALTER PIPE RAW.OBSERVATIONS_PIPE SET PIPE_EXECUTION_PAUSED = "
    chain.sql(pause + "TRUE")
    chain.put("a.CSV", GOOD)
    message = _failure(chain, ["raw_s3_file", "snowflake_raw"])
    assert "PipePaused: The pipe RAW.OBSERVATIONS_PIPE is paused. Resume it" in message
    chain.sql(pause + "FALSE")
    chain.run()
    assert chain.states() == {"a.CSV": "clean"}


def test_a_dead_notification_is_told_with_what_to_do(chain: Chain) -> None:
    bucket = chain.bucket
    bucket.client.put_bucket_notification_configuration(
        Bucket=bucket.name, NotificationConfiguration={}
    )
    chain.put("a.CSV", GOOD)
    message = _failure(chain, ["raw_s3_file", "snowflake_raw"], snowflake_raw={"deadline_s": 1.0})
    assert "NotificationDead: No event reached RAW.OBSERVATIONS_PIPE" in message
    assert "inmet bootstrap" in message
    chain.sql("ALTER PIPE RAW.OBSERVATIONS_PIPE REFRESH")
    chain.sql("ALTER PIPE RAW.STATION_HEADERS_PIPE REFRESH")
    chain.run()
    assert chain.states() == {"a.CSV": "clean"}


def _land_a_file_that_snowpipe_refuses(chain: Chain) -> None:
    """As if the landing file had been damaged on its way: the ledger waits for it all the same."""
    chain.run(["raw_s3_file"])
    [row] = chain.sql("SELECT landing_key FROM RAW.LANDING_FILES WHERE table_name = 'observations'")
    bad = row["landing_key"].replace("0001-", "0001-bad")
    chain.bucket.client.put_object(Bucket=chain.bucket.name, Key=bad, Body=b"no Parquet")
    chain.sql(
        f"UPDATE RAW.LANDING_FILES SET landing_key = '{bad}' WHERE table_name = 'observations'"  # noqa: S608
    )


def test_a_file_that_snowpipe_refuses_is_rejected_and_keeps_no_other_back(chain: Chain) -> None:
    bad_key = chain.put("bad.CSV", GOOD)
    _land_a_file_that_snowpipe_refuses(chain)
    chain.put("good.CSV", small_portal_file("A002", hours=72))
    chain.run()
    assert chain.states() == {"bad.CSV": "rejected", "good.CSV": "clean"}
    [row] = chain.sql("SELECT message FROM RAW.REJECTED_FILES")
    assert "bad.CSV: Snowpipe refused landing/observations/0001-bad" in row["message"]
    assert "Load failed: Parquet magic bytes not found" in row["message"]
    [ledger] = chain.sql("SELECT upload_id FROM RAW.FILES WHERE state = 'rejected'")
    status = read_status(chain.bucket, ledger["upload_id"])
    assert status
    assert (status.state, status.error) == ("rejected", row["message"])
    # Snowpipe takes a path once; forced, the same bytes go by another.
    chain.run(config={"raw_s3_file": {"keys": [bad_key], "force": True}})
    assert set(chain.states().values()) == {"clean"}
    assert chain.count("CLEAN.OBSERVATIONS") == 144


def test_a_file_whose_content_was_loaded_long_ago_waits_for_nothing(chain: Chain) -> None:
    """The same member, plain and then in a zip: one landing key, loaded before the second came."""
    chain.put("a.CSV", GOOD)
    chain.run()
    chain.sql("DELETE FROM _FS_INFORMATION_SCHEMA._PIPE_HISTORY")
    chain.put("a.zip", zip_of({"a.CSV": GOOD}))
    chain.run(config={"snowflake_raw": {"deadline_s": 5.0}})
    assert chain.states() == {"a.CSV": "clean", "a.zip": "clean"}
    assert chain.count("RAW.OBSERVATIONS") == 72


def test_two_merges_at_once_double_nothing(chain: Chain) -> None:
    chain.put("2020.zip", MANY)
    chain.run(["raw_s3_file", "snowflake_raw"])
    with chain.session() as first, chain.session() as second:
        first.execute("clean/claim_loaded_files", run_id="first")
        with ThreadPoolExecutor(2) as pool:
            merges = [pool.submit(merge_batch, session, "first") for session in (first, second)]
        changed = sorted(merge.result() for merge in merges)
    rows = chain.count("CLEAN.OBSERVATIONS")
    assert changed == [0, rows]
    distinct = "(SELECT DISTINCT station_id, observed_at FROM CLEAN.OBSERVATIONS)"
    assert rows == chain.count(distinct)


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("PAUSED", PipePaused),
        ("STOPPED_MISSING_TABLE", PipeStalled),
        ("STOPPED_STAGE_ALTERED", PipeStalled),
        ("STALLED_STAGE_PERMISSION_ERROR", PipeStalled),
    ],
)
def test_each_state_of_a_pipe_that_cannot_go_on_is_its_own_error(
    state: str, kind: type[SnowpipeError]
) -> None:
    error = stuck_error("RAW.P", {"executionState": state, "error": "why"})
    assert type(error) is kind
    assert error.remedy


def test_a_running_pipe_is_no_error() -> None:
    assert stuck_error("RAW.P", {"executionState": "RUNNING"}) is None


def _await(session: Session, file: ExpectedFile) -> None:
    await_loads(
        session,
        [file],
        deadline_s=0.2,
        on_loaded=lambda _: None,
        on_refused=lambda _, error: pytest.fail(error),
    )


def test_the_deadline_tells_work_in_progress_from_a_dead_notification(chain: Chain) -> None:
    with chain.session() as session:
        now = session.query_text("SELECT CURRENT_TIMESTAMP()::TIMESTAMP_NTZ AS now")[0]["now"]
        never = ExpectedFile("landing/observations/never.parquet", "observations", now)
        with pytest.raises(NotificationDead):
            _await(session, never)
        # An event for another file of the same pipe: it hears, so it is not dead.
        chain.put("a.CSV", GOOD)
        chain.run(["raw_s3_file", "snowflake_raw"])
        with pytest.raises(LoadTimeout, match="nothing is lost"):
            _await(session, never)


def test_a_statement_that_snowflake_refuses_is_one_sentence(chain: Chain) -> None:
    with pytest.raises(WarehouseError, match="Snowflake refused a statement"):
        chain.sql("SELECT * FROM RAW.NO_SUCH_TABLE")


def test_time_is_utc_in_every_session(chain: Chain) -> None:
    [row] = chain.sql("SELECT CURRENT_TIMESTAMP()::TIMESTAMP_NTZ AS now")
    assert abs(row["now"].timestamp() - time.time() + time.timezone) < 120
