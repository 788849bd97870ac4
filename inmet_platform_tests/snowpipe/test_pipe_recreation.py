"""A pipe is replaced without losing or doubling a file."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from inmet_platform.command.cli import app
from inmet_platform.config.settings import Settings
from inmet_platform.errors import LoadTimeout, RawDiffers
from inmet_platform.snowpipe import recreation as pipe_recreation
from inmet_platform.snowpipe.recreation import recreate_pipe
from inmet_platform.storage.bucket import Bucket
from inmet_platform.warehouse.session import Session, open_session
from inmet_platform.warehouse.timestamps import utc_now
from inmet_platform_tests.embedded import EmbeddedCloud, administrator

TABLE = "station_headers"
PIPE = "RAW.STATION_HEADERS_PIPE"
DEADLINE_S = 60.0


class Landing:
    """Puts landing files, and says what RAW has of each."""

    def __init__(self, settings: Settings, session: Session, folder: Path) -> None:
        self.settings, self.session, self._folder = settings, session, folder
        self.bucket = Bucket.from_settings(settings)

    def put(self, name: str, rows: int = 2) -> str:
        path = self._folder / name
        pq.write_table(pa.table({"station_id": ["A001"] * rows}), path)
        key = f"landing/{TABLE}/{name}"
        self.bucket.client.upload_file(str(path), self.bucket.name, key)
        self.sql(
            "INSERT INTO RAW.LANDING_FILES (raw_key, landing_key, table_name, row_count, "
            f"size_bytes, landed_at) SELECT 'raw', '{key}', '{TABLE}', {rows}, 1, "
            "CURRENT_TIMESTAMP()::TIMESTAMP_NTZ"
        )
        return key

    def sql(self, text: str) -> list[dict[str, Any]]:
        return self.session.query_text(text)

    def rows(self) -> dict[str, int]:
        found = self.session.query("pipe/count_by_landing_key", table=TABLE)
        return {row["landing_key"].rpartition("/")[2]: row["row_count"] for row in found}

    def recreate(self) -> list[str]:
        said: list[str] = []
        recreate_pipe(self.settings, TABLE, DEADLINE_S, said.append)
        return said


@pytest.fixture
def landing(embedded_cloud: EmbeddedCloud, tmp_path: Path) -> Any:
    """An administrator's: the pipes are another role's, which it takes on."""
    settings = administrator(embedded_cloud.loaders_tenant(tmp_path))
    with open_session(settings, tag="test") as session:
        yield Landing(settings, session, tmp_path)


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _pending(landing: Landing) -> int:
    return int(pipe_recreation.pipe_status(landing.session, PIPE).get("pendingFileCount", 0))


def test_what_was_loaded_is_not_loaded_again_and_what_the_old_pipe_held_back_is(
    landing: Landing,
) -> None:
    landing.put("a.parquet")
    _until(lambda: landing.rows() == {"a.parquet": 2})
    landing.sql(f"ALTER PIPE {PIPE} SET PIPE_EXECUTION_PAUSED = TRUE")
    landing.put("b.parquet", rows=3)
    _until(lambda: _pending(landing) == 1)
    said = landing.recreate()
    assert landing.rows() == {"a.parquet": 2, "b.parquet": 3}
    assert f"1 file(s) of landing/{TABLE}/ were not in RAW" in said
    landing.put("c.parquet")
    _until(lambda: landing.rows().get("c.parquet") == 2), "the new pipe has its notifications"


def test_a_plain_refresh_after_a_replacement_would_double_raw(landing: Landing) -> None:
    """Why the command refreshes by name: the embedded pipe forgets, as Snowflake's does."""
    landing.put("a.parquet")
    _until(lambda: landing.rows() == {"a.parquet": 2})
    landing.recreate()
    landing.sql(f"ALTER PIPE {PIPE} REFRESH")
    _until(lambda: landing.rows() == {"a.parquet": 4})
    with pytest.raises(RawDiffers, match=r"such as landing/station_headers/a\.parquet: 4 and 2"):
        landing.recreate()


def test_files_that_come_while_it_works_are_loaded_once(landing: Landing) -> None:
    names = [f"{number}.parquet" for number in range(12)]
    for name in names[:4]:
        landing.put(name)

    def put_the_rest() -> None:
        with open_session(landing.settings, tag="test") as session:
            other = Landing(landing.settings, session, landing._folder)
            for name in names[4:]:
                other.put(name)

    putting = threading.Thread(target=put_the_rest)
    putting.start()
    landing.recreate()
    landing.recreate()
    putting.join()
    landing.recreate()
    assert landing.rows() == dict.fromkeys(names, 2)


def test_a_file_older_than_refresh_sees_is_put_again(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    landing.sql(f"ALTER PIPE {PIPE} SET PIPE_EXECUTION_PAUSED = TRUE")
    key = landing.put("old.parquet")
    _until(lambda: _pending(landing) == 1)
    before = landing.bucket.client.head_object(Bucket=landing.bucket.name, Key=key)
    _until(lambda: datetime.now(UTC) - before["LastModified"] > timedelta(seconds=1.1))
    monkeypatch.setattr(pipe_recreation, "REFRESH_SEES", timedelta(0))
    landing.recreate()
    after = landing.bucket.client.head_object(Bucket=landing.bucket.name, Key=key)
    assert after["LastModified"] > before["LastModified"]
    assert after["ETag"] == before["ETag"]
    assert landing.rows() == {"old.parquet": 2}


def test_a_refused_file_stays_refused_and_keeps_nothing_back(landing: Landing) -> None:
    landing.bucket.client.put_object(
        Bucket=landing.bucket.name, Key=f"landing/{TABLE}/bad.parquet", Body=b"no Parquet"
    )
    landing.put("good.parquet")
    _until(lambda: landing.rows() == {"good.parquet": 2})
    assert f"0 file(s) of landing/{TABLE}/ were not in RAW" in landing.recreate()


def test_a_pipe_that_never_settles_is_left_as_it_is(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = {"executionState": "RUNNING", "pendingFileCount": 7}
    monkeypatch.setattr(pipe_recreation, "pipe_status", lambda *_: busy)
    with pytest.raises(LoadTimeout, match="still has 7 file"):
        recreate_pipe(landing.settings, TABLE, 0.0, lambda _: None)


def test_the_history_of_a_pipe_is_gone_with_it(landing: Landing) -> None:
    """COPY_HISTORY forgets, too: who replaces a pipe must know by RAW what was loaded."""
    landing.put("a.parquet")
    _until(lambda: landing.rows() == {"a.parquet": 2})
    landing.recreate()
    since = str(utc_now() - timedelta(days=1))
    states = landing.session.query(
        "load/select_copy_history", table_name="RAW.STATION_HEADERS", start_time=since
    )
    assert states == []
    assert landing.rows() == {"a.parquet": 2}


def test_the_command_replaces_a_pipe(landing: Landing, monkeypatch: pytest.MonkeyPatch) -> None:
    landing.put("a.parquet")
    _until(lambda: landing.rows() == {"a.parquet": 2})
    monkeypatch.setenv("INMET_HOME", str(landing.settings.home))
    done = CliRunner().invoke(app, ["pipe", "recreate", TABLE])
    assert done.exit_code == 0, done.output
    assert "RAW.STATION_HEADERS_PIPE is replaced, and runs" in done.output
    assert done.output.rstrip().endswith("RAW.STATION_HEADERS holds 1 landing file(s), each once")
