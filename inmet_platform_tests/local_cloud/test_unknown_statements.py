"""A statement that the stand-in does not know is refused at once, and not with a 500."""

from __future__ import annotations

import pytest

from inmet_platform.config.settings import Settings
from inmet_platform.errors import WarehouseError
from inmet_platform.warehouse.session import open_session

NOT_KNOWN = "The embedded endpoint does not know this statement.*error 1003,"


@pytest.mark.parametrize(
    "unknown",
    [
        # Of which the words are not those that are looked for.
        *("GRANT DATABASE ROLE A TO ROLE B", "REVOKE SELECT FROM ROLE A", "DROP PIPE"),
        *("ALTER PIPE", "GRANT ROLE TO ROLE A"),
        # Of which nobody wrote down what they need.
        *("CREATE SEQUENCE S", "CREATE TAG T", "CREATE FILE FORMAT F TYPE = CSV"),
        *("PRAGMA database_list", "CALL P()", "EXECUTE TASK T", "LIST @RAW.LANDING"),
        *("ALTER ROLE A RENAME TO B", "UNDROP TABLE RAW.FILES", "EXPLAIN SELECT 1"),
        "CREATE TASK T SCHEDULE = '1 MINUTE' AS SELECT 1",
        "COMMENT ON TABLE RAW.FILES IS 'x'",
    ],
)
def test_an_unknown_statement_is_refused(shared_settings: Settings, unknown: str) -> None:
    with (
        open_session(shared_settings, tag="test") as session,
        pytest.raises(WarehouseError, match=NOT_KNOWN),
    ):
        session.query_text(unknown)


@pytest.mark.parametrize(
    "known",
    [
        *("SHOW TABLES IN SCHEMA RAW", "USE SCHEMA RAW", "BEGIN", "COMMIT", "ROLLBACK"),
        *("ALTER SESSION SET AUTOCOMMIT = TRUE", "SET A = 1", "DESCRIBE TABLE RAW.FILES"),
    ],
)
def test_what_clients_send_beside_their_statements_needs_nothing(
    shared_settings: Settings, known: str
) -> None:
    with open_session(shared_settings, tag="test") as session:
        session.query_text(known)
