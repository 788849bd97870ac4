"""Of two statements that change a table one waits, as on Snowflake."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from snowflake.connector.errors import ProgrammingError

from inmet_platform.config.settings import Settings
from inmet_platform.warehouse.session import Session, open_session
from inmet_platform_tests.local_cloud.landing import DEADLINE_S
from local_cloud.locks import MOST_WAITERS, TableLocks, locked_table
from local_cloud.statement import tree_of

ADD = "UPDATE RAW.COUNTED SET n = n + 1"
MERGE_ONE = (
    "MERGE INTO RAW.COUNTED AS t USING (SELECT 1 AS id) AS s ON t.id = s.id "
    "WHEN MATCHED THEN UPDATE SET t.n = t.n + 1"
)
DELETE_NONE = "DELETE FROM RAW.COUNTED WHERE id = 2"


def test_statements_that_change_a_table_wait_for_one_another(
    settings: Settings, session: Session
) -> None:
    session.query_text("CREATE TABLE RAW.COUNTED AS SELECT 1 AS id, 0 AS n")

    def work(statement: str) -> None:
        with open_session(settings, tag="test") as other:
            for _ in range(5):
                other.query_text(statement)

    statements = [ADD, MERGE_ONE, DELETE_NONE] * 2
    with ThreadPoolExecutor(len(statements)) as pool:
        list(pool.map(work, statements))
    assert session.query_text("SELECT n FROM RAW.COUNTED") == [{"n": 20}]


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        *((ADD, "D.RAW.COUNTED"), (MERGE_ONE, "D.RAW.COUNTED"), (DELETE_NONE, "D.RAW.COUNTED")),
        ("UPDATE counted AS c SET c.n = o.n FROM RAW.OTHER AS o WHERE c.id = o.id", "D.S.COUNTED"),
        ("DELETE FROM e.raw.counted USING OTHER WHERE counted.id = OTHER.id", "E.RAW.COUNTED"),
        ("MERGE INTO COUNTED USING O ON COUNTED.id = O.id WHEN MATCHED THEN DELETE", "D.S.COUNTED"),
        *(("INSERT INTO RAW.COUNTED SELECT 1, 0", None), ("SELECT n FROM RAW.COUNTED", None)),
        *(("CREATE TABLE A AS SELECT n FROM RAW.COUNTED", "D.S.A"), ("TRUNCATE TABLE A", None)),
        ("CREATE VIEW IF NOT EXISTS RAW.V AS SELECT 1 AS n", "D.RAW.V"),
    ],
)
def test_what_changes_rows_or_makes_a_table_locks_it(statement: str, table: str | None) -> None:
    assert locked_table(tree_of(statement), "D", "S") == table


def test_a_lock_keeps_out_its_own_table_alone() -> None:
    locks = TableLocks()
    with locks.held("D.S.A"), locks.held("D.S.B"):
        with (
            pytest.raises(ProgrammingError, match="has locked table 'A'") as refused,
            locks.held("D.S.A", timeout_s=0.01),
        ):
            pass
        assert (refused.value.errno, refused.value.sqlstate) == (625, "57014")
    with locks.held("D.S.A", timeout_s=0.01):
        pass


def test_more_than_twenty_do_not_wait_for_one_lock() -> None:
    locks, began = TableLocks(), threading.Barrier(MOST_WAITERS + 1)

    def wait() -> None:
        began.wait()
        with locks.held("T", timeout_s=30.0):
            pass

    with ThreadPoolExecutor(MOST_WAITERS) as pool:
        with locks.held("T"):
            waiting = [pool.submit(wait) for _ in range(MOST_WAITERS)]
            began.wait()
            deadline = time.monotonic() + DEADLINE_S
            while locks.waiting("T") < MOST_WAITERS:
                assert time.monotonic() < deadline, locks.waiting("T")
                time.sleep(0.001)
            with (
                pytest.raises(ProgrammingError, match="exceeds the 20 statements limit"),
                locks.held("T"),
            ):
                pass
        for one in waiting:
            one.result()
