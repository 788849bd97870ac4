"""fakesnow over DuckDB files, with what a server that runs for days needs."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import Any

import duckdb
import fakesnow.server
from fakesnow import transforms
from fakesnow.cursor import FakeSnowflakeCursor
from fakesnow.instance import FakeSnow
from snowflake.connector.errors import ProgrammingError
from sqlglot import Expr

MEMORY_LIMIT = "1GB"
KEPT_RESULTS = 4
CONFLICT_TRIES = 20

_execute = FakeSnowflakeCursor.execute
_extract_comment = transforms.extract_comment_on_table


class _RecentResults(OrderedDict[str, Any]):
    """fakesnow keeps every result for ever; the last few are enough for RESULT_SCAN."""

    def __setitem__(self, key: str, value: Any) -> None:
        super().__setitem__(key, value)
        while len(self) > KEPT_RESULTS:
            self.popitem(last=False)


def open_database(folder: Path) -> FakeSnow:
    """Open every database file of `folder`; the one instance behind all sessions."""
    folder.mkdir(parents=True, exist_ok=True)
    instance = FakeSnow(db_path=folder)
    instance.results_cache = _RecentResults()
    instance.duck_conn.execute(f"SET GLOBAL memory_limit = '{MEMORY_LIMIT}'")
    instance.duck_conn.execute(f"SET GLOBAL temp_directory = '{folder / 'spill'}'")
    for file in sorted(folder.glob("*.db")):
        instance.connect(database=file.stem).close()
    fakesnow.server.shared_fs = instance
    FakeSnowflakeCursor.execute = _execute_translated
    transforms.extract_comment_on_table = _extract_real_comment
    return instance


def close_database(instance: FakeSnow) -> None:
    """Write the log into the files and close."""
    for name in database_names(instance):
        instance.duck_conn.execute(f'CHECKPOINT "{name}"')
    instance.duck_conn.close()


def database_names(instance: FakeSnow) -> list[str]:
    """The databases that have a file."""
    query = "SELECT database_name FROM duckdb_databases() WHERE path IS NOT NULL AND NOT internal"
    return [row[0] for row in instance.duck_conn.cursor().execute(query).fetchall()]


def _execute_translated(
    cursor: FakeSnowflakeCursor, command: str, *args: Any, **kwargs: Any
) -> FakeSnowflakeCursor:
    """Errors of DuckDB reach the client as Snowflake's, and not as a 500 that it would repeat.

    Snowflake lets the second of two writers wait; DuckDB refuses it, so it tries again here.
    """
    for last_try in [*[False] * (CONFLICT_TRIES - 1), True]:
        try:
            return _execute(cursor, command, *args, **kwargs)
        except duckdb.TransactionException as error:
            if last_try or "onflict" not in str(error):
                raise _as_snowflake(error) from error
        except (duckdb.Error, AssertionError) as error:
            raise _as_snowflake(error) from error
    raise AssertionError("the last try returns or raises")


def _extract_real_comment(expression: Expr) -> Expr:
    """No comment for a table that has none, such as the temporary one of a MERGE.

    fakesnow writes one down in a second database, which DuckDB refuses in a transaction.
    """
    extracted: Expr = _extract_comment(expression)
    if extracted.args.get("table_comment", (None, ""))[1] is None:
        del extracted.args["table_comment"]
    return extracted


def _as_snowflake(error: Exception) -> ProgrammingError:
    message = str(error).split("\n")[0] or "The embedded endpoint does not know this statement."
    return ProgrammingError(msg=message, errno=603, sqlstate="XX000")
