"""fakesnow over DuckDB files, with what a server that runs for days needs."""

from __future__ import annotations

import shutil
import tempfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

import duckdb
import fakesnow.arrow
import fakesnow.cursor
import fakesnow.server
import pyarrow as pa
from fakesnow import transforms
from fakesnow.cursor import FakeSnowflakeCursor
from fakesnow.instance import FakeSnow
from snowflake.connector.errors import ProgrammingError
from sqlglot import Expr, exp

from inmet_platform.errors import PlatformError
from local_cloud.locks import TableLocks, is_locked, locked_table
from local_cloud.passes import translated
from local_cloud.statement import tree_of

MEMORY_LIMIT = "1300MB"
# At DuckDB's 16 MB every larger MERGE pays for a checkpoint of the whole table.
CHECKPOINT_THRESHOLD = "1GB"
KEPT_RESULTS = 4
CONFLICT_TRIES = 20

_locks = TableLocks()

_execute = FakeSnowflakeCursor.execute
_execute_one = FakeSnowflakeCursor._execute
_timestamps = fakesnow.arrow.timestamp_to_sf_struct
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
    instance.duck_conn.execute(f"SET GLOBAL checkpoint_threshold = '{CHECKPOINT_THRESHOLD}'")
    _keep_inside(instance.duck_conn, folder)
    for file in sorted(folder.glob("*.db")):
        _open_file(instance, file)
    # To sign in with a name makes nothing of that name.
    instance.create_database_on_connect = instance.create_schema_on_connect = False
    fakesnow.server.shared_fs = instance
    FakeSnowflakeCursor.execute = _execute_translated
    transforms.extract_comment_on_table = _extract_real_comment
    FakeSnowflakeCursor._execute = _execute_merge
    FakeSnowflakeCursor._transform = translated
    transforms.merge = _native_merge
    # Each of them would parse a statement again.
    fakesnow.server.parse_one = tree_of
    fakesnow.cursor.parse_one = _own_tree_of
    fakesnow.arrow.timestamp_to_sf_struct = _timestamps_with_nulls
    return instance


def _open_file(instance: FakeSnow, file: Path) -> None:
    try:
        instance.connect(database=file.stem).close()
    except (duckdb.Error, ProgrammingError) as error:
        raise PlatformError(
            f"The database file {file} cannot be opened: {str(error).splitlines()[0]}",
            remedy="When it is damaged, move it and what begins with its name away, and run "
            "`inmet rebuild`, which makes RAW and CLEAN again of raw/. See docs/how-to/backup.md.",
        ) from error


def _keep_inside(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Let no statement read or write a file outside the folder, or a variable of this program.

    What is loaded and unloaded passes through `exchange` in it.
    """
    exchange = folder / "exchange"
    shutil.rmtree(exchange, ignore_errors=True)  # of a process that was killed
    exchange.mkdir()
    tempfile.tempdir = str(exchange)
    connection.execute("SET GLOBAL python_enable_replacements = false")
    connection.execute(f"SET GLOBAL allowed_directories = ['{folder}/']")
    connection.execute("SET GLOBAL enable_external_access = false")


def close_database(instance: FakeSnow) -> None:
    """Write the log into the files and close."""
    for name in database_names(instance):
        instance.duck_conn.execute(f'CHECKPOINT "{name}"')
    instance.duck_conn.close()


def database_names(instance: FakeSnow) -> list[str]:
    """The databases that have a file."""
    query = "SELECT database_name FROM duckdb_databases() WHERE path IS NOT NULL AND NOT internal"
    return [row[0] for row in instance.duck_conn.cursor().execute(query).fetchall()]


def _timestamps_with_nulls(times: pa.ChunkedArray) -> pa.StructArray:
    """Timestamps as Snowflake sends them, a missing one as null: fakesnow makes it 1970."""
    structs = _timestamps(times)
    parts = [structs.field(number) for number in range(structs.type.num_fields)]
    missing = times.combine_chunks().is_null()
    return pa.StructArray.from_arrays(parts, fields=list(structs.type), mask=missing)


def _own_tree_of(text: str) -> Expr:
    """A tree that fakesnow may change."""
    return tree_of(text).copy()


def _execute_translated(
    cursor: FakeSnowflakeCursor, command: str, *args: Any, **kwargs: Any
) -> FakeSnowflakeCursor:
    """Errors of DuckDB reach the client as Snowflake's, and not as a 500 that it would repeat.

    Of two writers one waits: for the other's lock, or, as DuckDB lets a load and an UPDATE collide
    that Snowflake does not, by trying again.
    """
    connection = cursor._conn
    table = locked_table(tree_of(command), connection.database, connection.schema)
    with _locks.held(table):
        for last_try in [*[False] * (CONFLICT_TRIES - 1), True]:
            try:
                return _execute(cursor, command, *args, **kwargs)
            except duckdb.TransactionException as error:
                if "onflict" not in str(error):
                    raise _as_snowflake(error) from error
                if last_try:
                    raise is_locked(table or "", "it collided with other writers") from error
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


# By its name it is known as the pass that it takes the place of.
_extract_real_comment.__name__ = _extract_comment.__name__


def _native_merge(expression: Expr) -> list[Expr]:
    """DuckDB's own MERGE, one statement that commits as one.

    fakesnow makes several of it, each with its own commit: a `kill -9` between them, or a second
    MERGE, would leave half of the work or do it twice.
    """
    if isinstance(expression, exp.Merge):
        for update in expression.find_all(exp.Update):
            for assignment in update.expressions:
                assignment.this.set("table", None)  # DuckDB wants the bare column there
    return [expression]


def _execute_merge(cursor: FakeSnowflakeCursor, transformed: Expr, params: Any = None) -> None:
    """Answer a MERGE with its count as a plain row: fakesnow describes what it answered.

    DuckDB counts inserted, updated and deleted rows together.
    """
    if not isinstance(transformed, exp.Merge):
        _execute_one(cursor, transformed, params)
        return
    # DuckDB underestimates what joins give, and would hold the whole source of a MERGE in memory
    # instead of the few columns of the target that it compares.
    cursor._duck_conn.execute("SET disabled_optimizers = 'build_side_probe_side'")
    try:
        _execute_one(cursor, transformed, params)
    finally:
        cursor._duck_conn.execute("RESET disabled_optimizers")
    changed = cursor.fetchall()[0][0]
    answer: Expr = _own_tree_of(
        f'SELECT {changed} AS "number of rows inserted, updated or deleted"'
    )
    answer.set("merge_counts", True)
    _execute_one(cursor, answer)


def _as_snowflake(error: Exception) -> ProgrammingError:
    message = str(error).split("\n")[0] or "The embedded endpoint does not know this statement."
    return ProgrammingError(msg=message, errno=603, sqlstate="XX000")
