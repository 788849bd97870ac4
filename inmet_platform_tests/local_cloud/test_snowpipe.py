"""The embedded Snowpipe, asked by the real connector and fed through S3."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import boto3
import pytest

from inmet_platform.config.settings import Settings
from inmet_platform.errors import SignInError, WarehouseError
from inmet_platform.storage.bucket import Bucket
from inmet_platform.warehouse.session import Session, open_session
from inmet_platform_tests.embedded import EmbeddedCloud, write_home
from inmet_platform_tests.local_cloud.landing import DEADLINE_S, await_history, history, put
from local_cloud.channel import QUEUE_NAME


def _count(session: Session) -> int:
    return int(session.query_text("SELECT COUNT(*) AS n FROM RAW.STATION_HEADERS")[0]["n"])


def _status(session: Session) -> dict[str, Any]:
    rows = session.query("load/select_pipe_status", pipe_name="RAW.STATION_HEADERS_PIPE")
    status: dict[str, Any] = json.loads(rows[0]["pipe_status"])
    return status


def test_a_file_in_landing_is_loaded_by_its_event(
    session: Session, bucket: Bucket, tmp_path: Path
) -> None:
    key = put(bucket, "a b.parquet", tmp_path)
    [load] = await_history(session, 1)
    assert load["status"] == "Loaded"
    assert load["file_name"] == "station_headers/a b.parquet"
    assert load["row_count"] == load["row_parsed"] == 3
    assert load["stage_location"] == f"s3://{bucket.name}/landing/"
    assert load["pipe_name"] == "STATION_HEADERS_PIPE"
    [row] = session.query_text(
        "SELECT DISTINCT uf, landing_key, altitude_m FROM RAW.STATION_HEADERS"
    )
    assert row == {"uf": "DF", "landing_key": key, "altitude_m": None}
    assert "lastIngestedTimestamp" in _status(session)


def test_a_path_is_loaded_once_even_when_it_is_overwritten_and_refreshed(
    session: Session, bucket: Bucket, tmp_path: Path
) -> None:
    put(bucket, "a.parquet", tmp_path)
    await_history(session, 1)
    put(bucket, "a.parquet", tmp_path, rows=7)
    assert session.query_text("ALTER PIPE RAW.STATION_HEADERS_PIPE REFRESH") == []
    put(bucket, "b.parquet", tmp_path, rows=1)
    assert [row["row_count"] for row in await_history(session, 2)] == [3, 1]
    assert _count(session) == 4


def test_a_failed_load_is_recorded_with_its_first_error_and_others_go_on(
    session: Session, bucket: Bucket, tmp_path: Path
) -> None:
    bucket.client.put_object(
        Bucket=bucket.name, Key="landing/station_headers/bad.parquet", Body=b"no Parquet at all"
    )
    put(bucket, "good.parquet", tmp_path)
    bad, good = await_history(session, 2)
    assert (bad["status"], good["status"]) == ("Load failed", "Loaded")
    assert "Parquet" in bad["first_error_message"]
    assert bad["error_count"] == 1
    assert _count(session) == 3


def test_a_paused_pipe_keeps_its_files_until_it_is_resumed(
    session: Session, bucket: Bucket, tmp_path: Path
) -> None:
    pause = "ALTER PIPE RAW.STATION_HEADERS_PIPE SET PIPE_EXECUTION_PAUSED = "
    session.query_text(pause + "TRUE")
    put(bucket, "a.parquet", tmp_path)
    deadline = time.monotonic() + DEADLINE_S
    while _status(session)["pendingFileCount"] != 1:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert _status(session)["executionState"] == "PAUSED"
    assert history(session) == []
    session.query_text(pause + "FALSE")
    assert len(await_history(session, 1)) == 1
    assert _status(session)["executionState"] == "RUNNING"


def test_show_and_describe_pipe_have_snowflakes_columns(session: Session) -> None:
    shown = session.query_text("SHOW PIPES IN SCHEMA RAW")
    pipes = ["OBSERVATIONS_PIPE", "PUBLISHED_VALUES_PIPE", "STATION_HEADERS_PIPE"]
    assert [pipe["name"] for pipe in shown] == pipes
    assert shown[0]["notification_channel"].startswith("arn:aws:sqs:")
    assert shown[0]["definition"].startswith("COPY INTO RAW.OBSERVATIONS")
    assert set(shown[0]) >= {"created_on", "database_name", "owner", "integration", "pattern"}
    assert session.query_text("DESC PIPE RAW.OBSERVATIONS_PIPE") == shown[:1]
    [like] = session.query_text("SHOW PIPES LIKE 'station%'")
    assert like["name"] == "STATION_HEADERS_PIPE"


def test_pipes_are_shown_of_a_schema_that_is_named_in_full_by_a_session_that_is_nowhere(
    settings: Settings,
) -> None:
    with open_session(settings, tag="test", database=None) as session:
        shown = session.query_text(f"SHOW PIPES IN SCHEMA {settings.snowflake_database}.RAW")
        assert len(shown) == 3


def test_a_pipe_whose_table_is_gone_says_so(session: Session) -> None:
    session.query_text("DROP TABLE RAW.STATION_HEADERS")
    status = _status(session)
    assert status["executionState"] == "STOPPED_MISSING_TABLE"
    assert "STATION_HEADERS" in status["error"]


def test_a_dropped_stage_stops_its_pipes_until_they_are_made_anew(
    session: Session, bucket: Bucket, tmp_path: Path
) -> None:
    [pipe] = session.query_text("DESC PIPE RAW.STATION_HEADERS_PIPE")
    create = f"CREATE PIPE RAW.STATION_HEADERS_PIPE AUTO_INGEST = TRUE AS {pipe['definition']}"
    session.query_text("DROP STAGE RAW.LANDING")
    with pytest.raises(WarehouseError, match=r"Stage '.*RAW.LANDING' does not exist"):
        session.query_text("DROP STAGE RAW.LANDING")
    session.query_text("DROP STAGE IF EXISTS RAW.LANDING")
    assert _status(session)["executionState"] == "STOPPED_STAGE_DROPPED"
    put(bucket, "a.parquet", tmp_path)
    _await_message(session)
    session.execute("ddl/30_create_stage_landing")
    assert _status(session)["executionState"] == "STOPPED_STAGE_DROPPED"
    session.query_text("DROP PIPE RAW.STATION_HEADERS_PIPE")
    session.query_text(create)
    assert _status(session)["executionState"] == "RUNNING"
    assert history(session) == [], "a new pipe loads nothing of before, unless it is asked to"
    [asked] = session.query_text("ALTER PIPE RAW.STATION_HEADERS_PIPE REFRESH PREFIX = 'a.parq'")
    assert asked == {"file": "station_headers/a.parquet", "status": "SENT"}
    assert len(await_history(session, 1)) == 1


def _await_message(session: Session) -> None:
    """Until the pipe has been told of a file, whether it took it or not."""
    deadline = time.monotonic() + DEADLINE_S
    while (
        "lastForwardedMessageTimestamp" not in (status := _status(session))
        or status["pendingFileCount"]
    ):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_an_unknown_pipe_is_an_error_and_not_a_retry(session: Session) -> None:
    with pytest.raises(WarehouseError, match=r"Pipe 'RAW\.NONE' does not exist"):
        session.query_text("DESC PIPE RAW.NONE")


def test_a_wrong_password_is_refused_at_once(settings: Settings, tmp_path: Path) -> None:
    wrong = write_home(
        tmp_path / "wrong",
        SNOWFLAKE_PORT=str(settings.snowflake_port),
        SNOWFLAKE_PASSWORD="wrong",
    )
    with (
        pytest.raises(SignInError, match="Incorrect username or password"),
        open_session(wrong, tag="test"),
    ):
        pass


def test_a_merge_that_fails_changes_nothing(session: Session) -> None:
    merge = (
        "MERGE INTO RAW.STATION_HEADERS AS t USING (SELECT * FROM (VALUES ('A1', '1'), "
        "('A2', '{height}')) AS v (station_id, height)) AS s ON t.station_id = s.station_id "
        "WHEN MATCHED THEN UPDATE SET t.altitude_m = s.height::FLOAT "
        "WHEN NOT MATCHED THEN INSERT (station_id) VALUES (s.station_id)"
    )
    assert session.query_text(merge.format(height="7"))
    with pytest.raises(WarehouseError, match="high"):
        session.query_text(merge.format(height="high"))
    rows = session.query_text("SELECT altitude_m FROM RAW.STATION_HEADERS")
    assert rows == [{"altitude_m": None}] * 2


def test_a_foreign_message_and_a_worker_that_stumbles_stop_no_load(
    session: Session, bucket: Bucket, settings: Settings, tmp_path: Path
) -> None:
    sqs = boto3.client("sqs", **settings.aws_client_arguments())
    url = sqs.get_queue_url(QueueName=QUEUE_NAME)["QueueUrl"]
    for body in ("no JSON", "[1]", '{"Records": [{"other": 1}]}'):
        sqs.send_message(QueueUrl=url, MessageBody=body)
    put(bucket, "a.parquet", tmp_path)
    assert [row["status"] for row in await_history(session, 1)] == ["Loaded"]


def test_everything_is_there_after_a_restart_and_after_a_kill(tmp_path: Path) -> None:
    cloud = EmbeddedCloud(tmp_path / "cloud")
    cloud.start()
    try:
        settings = cloud.tenant(tmp_path / "tenant")
        bucket = Bucket.from_settings(settings)
        put(bucket, "a.parquet", tmp_path)
        with open_session(settings, tag="test") as session:
            await_history(session, 1)
        cloud.stop()
        assert not list(cloud.home.glob(".inmet/snowflake/*.wal")), "all is in the files"
        cloud.start()
        put(bucket, "b.parquet", tmp_path)
        # Killed with an event on its way, and the queue forgets it: the start compares.
        cloud.kill()
        cloud.start()
        with open_session(settings, tag="test") as session:
            assert [row["status"] for row in await_history(session, 2)] == ["Loaded"] * 2
            assert _count(session) == 6
            assert len(session.query_text("SHOW PIPES")) == 3
    finally:
        cloud.stop()
