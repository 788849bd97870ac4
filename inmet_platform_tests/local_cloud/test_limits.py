"""Where Snowflake stops: how far back it looks, which options it has, what it promises."""

from __future__ import annotations

import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pyarrow.parquet as pq
import pytest

from inmet_platform.config.settings import Settings
from inmet_platform.errors import WarehouseError
from inmet_platform.storage.bucket import Bucket
from inmet_platform.warehouse.session import Session
from inmet_platform.warehouse.timestamps import utc_now
from inmet_platform_tests.local_cloud.landing import DEADLINE_S, await_history, put
from local_cloud import ingestion
from local_cloud.database import close_database, open_database
from local_cloud.ingestion import Ingestion
from local_cloud.pipes import Pipe, PipeStore


def test_the_time_of_a_load_is_right_though_a_pipe_runs_in_the_accounts_zone(
    session: Session, bucket: Bucket, tmp_path: Path
) -> None:
    """RAW's column is an instant; one without a zone would stand in Snowflake's default zone."""
    session.query_text("CREATE TABLE RAW.ZONED (station_id VARCHAR, loaded_at TIMESTAMP_NTZ)")
    session.query_text(
        "CREATE PIPE RAW.ZONED_PIPE AUTO_INGEST = TRUE AS COPY INTO RAW.ZONED "
        "FROM @RAW.LANDING/station_headers/ FILE_FORMAT = (TYPE = PARQUET) "
        "MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE "
        "INCLUDE_METADATA = (loaded_at = METADATA$START_SCAN_TIME)"
    )
    put(bucket, "a.parquet", tmp_path)
    await_history(session, 1)
    asked = "SELECT MAX(loaded_at)::TIMESTAMP_NTZ AS at FROM RAW."
    [right] = session.query_text(asked + "STATION_HEADERS")
    deadline = time.monotonic() + DEADLINE_S
    while not (zoned := session.query_text(asked + "ZONED")[0]["at"]):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert abs(right["at"] - utc_now()) < timedelta(minutes=2)
    there = datetime.now(ZoneInfo("America/Los_Angeles")).replace(tzinfo=None)
    assert abs(zoned - there) < timedelta(minutes=2)


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ("START_TIME => DATEADD(day, -15, CURRENT_TIMESTAMP())", "within the last 14 days"),
        ("START_TIME => CURRENT_TIMESTAMP(), SINCE => 1", "Invalid argument"),
        ("END_TIME => CURRENT_TIMESTAMP()", "Invalid argument"),
    ],
)
def test_copy_history_looks_back_14_days_and_knows_its_arguments(
    session: Session, asked: str, refusal: str
) -> None:
    table = f"INFORMATION_SCHEMA.COPY_HISTORY(TABLE_NAME => 'RAW.STATION_HEADERS', {asked})"
    with pytest.raises(WarehouseError, match=refusal):
        session.query_text(f"SELECT * FROM TABLE({table})")  # noqa: S608


def test_pipes_whose_names_end_alike_are_not_mixed(
    session: Session, bucket: Bucket, tmp_path: Path
) -> None:
    session.query_text(
        "CREATE PIPE RAW.A_STATION_HEADERS_PIPE AUTO_INGEST = TRUE AS COPY INTO "
        "RAW.STATION_HEADERS FROM @RAW.LANDING/station_headers/ FILE_FORMAT = (TYPE = PARQUET) "
        "MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE"
    )
    put(bucket, "a.parquet", tmp_path)
    await_history(session, 2)

    def loaded_by(pipe: str) -> list[str]:
        rows = session.query_text(
            "SELECT * FROM TABLE(INFORMATION_SCHEMA.COPY_HISTORY(TABLE_NAME => "  # noqa: S608
            "'RAW.STATION_HEADERS', START_TIME => DATEADD(hour, -1, CURRENT_TIMESTAMP()), "
            f"PIPE_NAME => '{pipe}'))"
        )
        return [f"{row['pipe_schema_name']}.{row['pipe_name']}" for row in rows]

    [named] = session.query_text("SELECT CURRENT_DATABASE() AS name")
    ours = "RAW.STATION_HEADERS_PIPE"
    for known in ("STATION_HEADERS_PIPE", ours, f"{named['name']}.{ours}"):
        assert loaded_by(known) == [ours]
    for unknown in ("HEADERS_PIPE", "CLEAN.STATION_HEADERS_PIPE", f"OTHER.{ours}"):
        assert loaded_by(unknown) == []
    with pytest.raises(WarehouseError, match="Pipe 'HEADERS_PIPE' does not exist"):
        session.query_text("DESC PIPE HEADERS_PIPE")


@pytest.mark.parametrize(
    ("option", "copied", "refusal"),
    [
        ("AUTO_INGEST = TRUE ON_FAILURE = 'x'", "", "unexpected 'ON_FAILURE'"),
        ("AUTO_INGEST = TRUE PAUSED", "", "unexpected 'AUTO_INGEST = TRUE PAUSED'"),
        ("AUTO_INGEST = TRUE", "PURGE = TRUE", "A pipe's COPY has fewer options"),
        ("AUTO_INGEST = TRUE", "SORTED = TRUE", "COPY INTO a table has options of its own"),
        ("AUTO_INGEST = TRUE", "PATTERN = '.*'", "does not do PATTERN; Snowflake does"),
    ],
)
def test_a_pipe_with_an_unknown_option_is_refused(
    session: Session, option: str, copied: str, refusal: str
) -> None:
    with pytest.raises(WarehouseError, match=refusal):
        session.query_text(
            f"CREATE PIPE RAW.P {option} AS COPY INTO RAW.STATION_HEADERS "
            f"FROM @RAW.LANDING/x/ FILE_FORMAT = (TYPE = PARQUET) {copied}"
        )


def test_refresh_sees_seven_days_and_a_start_sees_all(
    settings: Settings, bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A server sets it for itself.
    monkeypatch.setattr(tempfile, "tempdir", tempfile.gettempdir())
    (tmp_path / "database").mkdir()
    duckdb.connect(tmp_path / "database" / "D.db").close()
    instance = open_database(tmp_path / "database")
    try:
        store = PipeStore(instance)
        pipe = Pipe("D", "S", "P", "S", "T", bucket.name, "", "landing/", (), "COPY", "now")
        store.put(pipe)
        key = put(bucket, "old.parquet", tmp_path)
        seeing = Ingestion(settings, instance, store)
        assert seeing.refresh(pipe) == [key]
        monkeypatch.setattr(ingestion, "REFRESH_SEES", timedelta(0))
        assert seeing.refresh(pipe) == []
        assert seeing.refresh(pipe, with_replaced=True) == [key]
    finally:
        close_database(instance)


def test_unloading_keeps_no_order_and_takes_no_time_with_a_zone(
    session: Session, bucket: Bucket, tmp_path: Path
) -> None:
    unload = (
        'COPY INTO @RAW.EXPORT/{} FROM (SELECT column1 AS "n" {} FROM VALUES {} ORDER BY 1) '
        "FILE_FORMAT = (TYPE = PARQUET) HEADER = TRUE SINGLE = TRUE"
    )
    rows = ", ".join(f"({number})" for number in range(50))
    session.query_text(unload.format("x/a.parquet", "", rows))
    bucket.download("export/x/a.parquet", tmp_path / "a.parquet")
    numbers = pq.read_table(tmp_path / "a.parquet").column("n").to_pylist()
    assert sorted(numbers) == list(range(50)) != numbers
    zoned = ', CURRENT_TIMESTAMP()::TIMESTAMP_LTZ AS "at"'
    with pytest.raises(WarehouseError, match="Unloading TIMESTAMP_TZ or TIMESTAMP_LTZ"):
        session.query_text(unload.format("x/b.parquet", zoned, rows))


def test_another_role_takes_another_sign_in(session: Session) -> None:
    with pytest.raises(WarehouseError, match="does not do USE ROLE; sign in with the role"):
        session.query_text("USE ROLE SYSADMIN")
