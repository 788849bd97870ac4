"""COPY_HISTORY over the load history that the embedded pipes keep."""

from __future__ import annotations

from datetime import timedelta

from fakesnow.fakes import FakeSnowflakeConnection
from snowflake.connector.errors import ProgrammingError
from sqlglot import exp

from inmet_platform.warehouse.timestamps import utc_now
from local_cloud.answers import literal
from local_cloud.statement import tree_of

# Snowflake keeps it so long, and looks no further back.
KEPT = timedelta(days=14)
REQUIRED = {"TABLE_NAME", "START_TIME"}
ARGUMENTS = REQUIRED | {"END_TIME", "PIPE_NAME"}


def with_load_history(text: str, connection: FakeSnowflakeConnection) -> str:
    """The statement with `TABLE(INFORMATION_SCHEMA.COPY_HISTORY(…))` as a subquery.

    Raises:
        ProgrammingError: an argument is missing or unknown, or a time is over 14 days ago.
    """
    if "COPY_HISTORY" not in text.upper():
        return text
    tree = tree_of(text).copy()
    for function in list(tree.find_all(exp.Anonymous)):
        rows = function.find_ancestor(exp.TableFromRows)
        if function.name.upper() == "COPY_HISTORY" and rows:
            history = tree_of(_history(_arguments(function), connection)).copy()
            (rows.parent if isinstance(rows.parent, exp.Table) else rows).replace(history)
    return tree.sql("snowflake")


def _arguments(function: exp.Anonymous) -> dict[str, exp.Expr]:
    given = {
        kwarg.this.name.upper(): kwarg.expression
        for kwarg in function.expressions
        if isinstance(kwarg, exp.Kwarg)
    }
    if not REQUIRED <= given.keys() <= ARGUMENTS or len(given) != len(function.expressions):
        raise _refused(f"expected {', '.join(sorted(ARGUMENTS))}; found {function.sql()}")
    return given


def _history(given: dict[str, exp.Expr], connection: FakeSnowflakeConnection) -> str:
    """The rows of the session's database as COPY_HISTORY tells them.

    What a pipe loaded is gone with it: Snowflake drops its history, too.
    """
    table = given["TABLE_NAME"].name.upper().replace('"', "").split(".")
    start = _moment(given["START_TIME"], connection)
    until = _moment(given["END_TIME"], connection) if "END_TIME" in given else "9999-01-01"
    pipe = _of_pipe(given["PIPE_NAME"].name, connection.database) if "PIPE_NAME" in given else ""
    schema = f"AND table_schema = {literal(table[-2])}" if len(table) > 1 else ""
    database = literal(connection.database or "")
    return f"""(
        SELECT file_name, stage_location, loaded_at AS last_load_time, row_count,
            row_count AS row_parsed, file_size, first_error AS first_error_message,
            NULL::INTEGER AS first_error_line_number, NULL::INTEGER AS first_error_character_pos,
            NULL::VARCHAR AS first_error_column_name,
            CASE WHEN status = 'Loaded' THEN 0 ELSE 1 END AS error_count, 1 AS error_limit, status,
            {database} AS table_catalog_name, table_schema AS table_schema_name, table_name,
            {database} AS pipe_catalog_name, SPLIT_PART(pipe, '.', 1) AS pipe_schema_name,
            SPLIT_PART(pipe, '.', 2) AS pipe_name, received_at AS pipe_received_time,
            file_size AS bytes_billed
        FROM {connection.database}._FS_INFORMATION_SCHEMA._PIPE_HISTORY
        WHERE table_name = {literal(table[-1])} {schema}
            AND NOT CONTAINS(pipe, '#') {pipe}
            AND loaded_at >= '{start}'::TIMESTAMP_NTZ AND loaded_at <= '{until}'::TIMESTAMP_NTZ
    )"""  # noqa: S608 - the session's own statement, rewritten


def _of_pipe(name: str, database: str | None) -> str:
    """The condition that a row is of a pipe: NAME, SCHEMA.NAME or DB.SCHEMA.NAME."""
    *place, pipe = name.upper().replace('"', "").split(".")
    conditions = [f"SPLIT_PART(pipe, '.', 2) = {literal(pipe)}"]
    if place:
        conditions.append(f"SPLIT_PART(pipe, '.', 1) = {literal(place[-1])}")
    if len(place) > 1:
        conditions.append(f"{literal(place[0])} = {literal((database or '').upper())}")
    return "".join(f" AND {it}" for it in conditions)


def _moment(asked: exp.Expr, connection: FakeSnowflakeConnection) -> str:
    """A time that a statement names, in UTC."""
    cursor = connection.cursor()
    cursor.execute(f"SELECT ({asked.sql('snowflake')})::TIMESTAMP_NTZ")
    [moment] = cursor.fetchone() or (None,)
    if moment is None or moment < utc_now() - KEPT:
        raise _refused(f"a time within the last 14 days is expected; found {moment}")
    return str(moment)


def _refused(what: str) -> ProgrammingError:
    message = f"SQL compilation error:\nInvalid argument of COPY_HISTORY: {what}."
    return ProgrammingError(msg=message, errno=1003, sqlstate="42000")
