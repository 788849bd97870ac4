"""`COPY INTO @stage/path FROM (SELECT …)`: the answer of a query as one Parquet file in S3."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
from fakesnow.fakes import FakeSnowflakeConnection
from snowflake.connector.errors import ProgrammingError
from sqlglot import exp

from local_cloud.stages import Stages

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

# What this endpoint does of the options that a COPY INTO a location has.
DONE = {"FILE_FORMAT", "HEADER", "SINGLE", "OVERWRITE", "MAX_FILE_SIZE"}
# Snowflake's nodes write as they are done, whatever the order of the query. Here an answer of so
# many rows at most comes the last row first: who relies on an order fails the small tests, and a
# large answer is not written twice.
MOST_ROWS_REVERSED = 122_880


class Unloading:
    """Unloads a query to a stage."""

    def __init__(self, stages: Stages, s3: S3Client) -> None:
        """Bind the stages, and where their files are."""
        self._stages, self._s3 = stages, s3

    def unload(self, copy: exp.Copy, connection: FakeSnowflakeConnection) -> str:
        """Run a query and put its answer; return the SELECT that tells what was written.

        Raises:
            ProgrammingError: what this endpoint does not do, or Snowflake does not.
        """
        query = _checked_query(copy)
        stage, _, path = copy.this.this.name[1:].partition("/")
        bucket, prefix = self._stages.place(stage, connection.database)
        cursor = connection.cursor()
        sql = cursor._transform(query, None).sql(dialect="duckdb")
        described = cursor._duck_conn.execute(f"DESCRIBE {sql}").fetchall()
        zoned = [name for name, kind, *_ in described if "TIME ZONE" in kind]
        if zoned:
            raise ProgrammingError(
                msg=f"Unloading TIMESTAMP_TZ or TIMESTAMP_LTZ as Parquet: column {zoned[0]}.",
                errno=1003,
            )
        with tempfile.TemporaryDirectory(prefix="unload-") as folder:
            file = Path(folder) / "unloaded.parquet"
            write = f"COPY ({sql}) TO '{file}' (FORMAT parquet)"
            counted = cursor._duck_conn.execute(write).fetchone()
            rows = int(counted[0]) if counted else 0
            if rows <= MOST_ROWS_REVERSED:
                _reverse_rows(cursor._duck_conn, file)
            size = file.stat().st_size
            if rows:  # of no rows Snowflake writes no file
                self._s3.upload_file(str(file), bucket, prefix + path)
        return (
            f'SELECT {rows} AS "rows_unloaded", {size} AS "input_bytes", {size} AS "output_bytes"'
        )


def _reverse_rows(connection: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Write the rows of a file again, the last first."""
    turned = file.with_suffix(".reversed")
    connection.execute(
        "COPY (SELECT * EXCLUDE (file_row_number) "  # noqa: S608 - its own folder
        f"FROM read_parquet('{file}', file_row_number = true) ORDER BY file_row_number DESC) "
        f"TO '{turned}' (FORMAT parquet)"
    )
    turned.replace(file)


def _checked_query(copy: exp.Copy) -> exp.Expr:
    parameters = {it.this.name.upper(): it for it in copy.args.get("params") or []}
    format_, single = parameters.get("FILE_FORMAT"), parameters.get("SINGLE")
    kinds = {
        part.args["value"].name.upper()
        for part in (format_.expressions if format_ else ())
        if part.this.name.upper() == "TYPE"
    }
    sources = copy.args.get("files") or [None]
    if (
        kinds != {"PARQUET"}
        or not (single and single.expression.this is True)
        or parameters.keys() - DONE
        or not isinstance(sources[0], exp.Subquery)
    ):
        raise ProgrammingError(
            msg="The embedded endpoint unloads a query as one Parquet file (SINGLE = TRUE).",
            errno=1003,
        )
    query: exp.Expr = sources[0].this.copy()
    query.set("order", None)
    return query
