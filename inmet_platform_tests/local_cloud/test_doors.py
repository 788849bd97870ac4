"""Who signs in reaches the databases and nothing else of the machine; garbage is no crash."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from inmet_platform.config.settings import Settings
from inmet_platform.errors import SignInError, WarehouseError
from inmet_platform.warehouse.session import Session, open_session
from inmet_platform_tests.embedded import EmbeddedCloud, written_anew
from local_cloud.database import close_database, open_database

OUTSIDE = (
    *("SELECT content FROM read_text('{file}')", "SELECT content FROM read_blob('{file}')"),
    *("SELECT * FROM '{file}'", 'SELECT * FROM "{file}"', "SELECT * FROM read_csv('{file}')"),
    *("SELECT * FROM glob('{folder}/*')", "CREATE TABLE RAW.T AS SELECT * FROM '{file}'"),
    *("ATTACH '{folder}/x.db' AS x", "COPY (SELECT 1) TO '{folder}/written.csv'"),
    *("EXPORT DATABASE '{folder}/exported'", "IMPORT DATABASE '{folder}'", "INSTALL httpfs"),
    *("LOAD httpfs", "PRAGMA database_list", "SELECT * FROM duckdb_settings()"),
    *("SELECT getenv('HOME')", "CALL pragma_version()", "SELECT * FROM cursor"),
    *("SELECT * FROM read_parquet('s3://other/x')", "CREATE SECRET s (TYPE S3)"),
    *("PUT file://{file} @RAW.LANDING", "GET @RAW.LANDING file://{folder}"),
)


@pytest.mark.parametrize("statement", OUTSIDE)
def test_no_statement_reaches_a_file_or_a_setting_of_the_machine(
    shared_session: Session, tmp_path: Path, statement: str
) -> None:
    file = tmp_path / "secret.csv"
    file.write_text("password\nhunter2\n")
    with pytest.raises(WarehouseError) as refused:
        shared_session.query_text(statement.format(file=file, folder=tmp_path))
    assert "hunter2" not in str(refused.value)
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]


@pytest.fixture(scope="module")
def shared_session(shared_settings: Settings) -> Any:
    with open_session(shared_settings, tag="test") as session:
        yield session


@pytest.mark.filterwarnings("ignore:Arrow output on a DB-API result")  # fakesnow's own
def test_a_setting_of_the_engine_is_a_variable_of_the_session_and_nothing_more(
    tmp_path: Path,
) -> None:
    instance = open_database(tmp_path)
    settings = ("memory_limit", "enable_external_access", "threads", "allowed_directories")
    question = f"SELECT {', '.join(f'current_setting({name!r})::VARCHAR' for name in settings)}"
    before = instance.duck_conn.execute(question).fetchall()
    cursor = instance.connect().cursor()
    for statement in (
        *("SET memory_limit = '9GB'", "SET GLOBAL enable_external_access = true"),
        *("SET threads = 1", "SET allowed_directories = ['/']", "UNSET memory_limit"),
    ):
        cursor.execute(statement)
    assert instance.duck_conn.execute(question).fetchall() == before
    close_database(instance)


def test_a_name_at_the_sign_in_makes_no_database(settings: Settings, tmp_path: Path) -> None:
    other = written_anew(settings, tmp_path / "other", SNOWFLAKE_DATABASE="NAMED_AT_SIGN_IN")
    with open_session(other, tag="test") as session, pytest.raises(WarehouseError):
        session.query("load/select_known_keys")
    with open_session(settings, tag="test") as session:
        names = {row["name"] for row in session.query_text("SHOW DATABASES")}
    assert "NAMED_AT_SIGN_IN" not in names


LOGIN, QUERY = "/session/v1/login-request", "/queries/v1/query-request"
DEEP = b'{"data": ' * 100_000
GARBAGE: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", LOGIN, {"content": b"garbage"}),
    ("POST", LOGIN, {"content": b"\xff\xfe"}),
    ("POST", LOGIN, {"content": DEEP}),
    ("POST", LOGIN, {"json": []}),
    ("POST", LOGIN, {"json": {"data": None}}),
    ("POST", LOGIN, {"content": b"\x1f\x8bx", "headers": {"content-encoding": "gzip"}}),
    ("POST", LOGIN, {"content": gzip.compress(b"x"), "headers": {"content-encoding": "gzip"}}),
    ("POST", QUERY, {"content": b"x"}),
    ("POST", QUERY, {"json": {}}),
    ("POST", QUERY, {"json": {"sqlText": 7}}),
    ("POST", QUERY, {"json": {"sqlText": "SELECT 1"}}),
    ("POST", QUERY, {"json": {"sqlText": "SELECT 1"}, "headers": {"authorization": "x"}}),
    ("PUT", "/fs_bucket/a/b", {"content": b"x"}),
    ("GET", "/monitoring/queries/none", {}),
    ("POST", "/session", {}),
    ("POST", "/oauth/token-request", {"content": b"\xff"}),
    (
        "POST",
        "/oauth/token-request",
        {
            "content": b"grant_type=client_credentials",
            "headers": {"authorization": "Basic %%%", "content-type": "text/plain"},
        },
    ),
]


@pytest.mark.parametrize("request_", GARBAGE, ids=lambda it: f"{it[1]}: {str(it[2])[:30]}")
def test_garbage_is_refused_and_is_no_crash(
    embedded_cloud: EmbeddedCloud, request_: tuple[str, str, dict[str, Any]]
) -> None:
    method, path, arguments = request_
    address = f"http://127.0.0.1:{embedded_cloud.settings.snowflake_port}{path}"
    answer = httpx.request(method, address, **arguments)
    assert answer.status_code < 500
    assert answer.status_code >= 400 or not answer.json()["success"]


def test_guesses_of_a_password_wait_in_one_line_and_others_sign_in_meanwhile(
    settings: Settings, tmp_path: Path
) -> None:
    body = {"data": {"LOGIN_NAME": settings.snowflake_user, "PASSWORD": "guess"}}
    address = f"http://127.0.0.1:{settings.snowflake_port}{LOGIN}"
    count, ended = 8, []

    def guess() -> None:
        assert not httpx.post(address, json=body, timeout=60).json()["success"]
        ended.append(time.monotonic())

    threads = [threading.Thread(target=guess) for _ in range(count)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    with open_session(settings, tag="test"):
        assert len(ended) < count, "the right password waits for no wrong one"
    for thread in threads:
        thread.join()
    assert max(ended) - began > count * 0.2
    wrong = written_anew(settings, tmp_path / "wrong", SNOWFLAKE_PASSWORD="guess")
    with pytest.raises(SignInError), open_session(wrong, tag="test"):
        pass


def test_a_connection_that_says_nothing_hinders_nobody(settings: Settings) -> None:
    silent = [socket.create_connection(("127.0.0.1", settings.snowflake_port)) for _ in range(50)]
    try:
        with open_session(settings, tag="test") as session:
            assert session.query_text("SELECT 1 AS one") == [{"one": 1}]
    finally:
        for it in silent:
            it.close()
