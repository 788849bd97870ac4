"""`COPY INTO @stage/path FROM (SELECT …)`: the answer of a query as one Parquet file in S3."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from fakesnow.cursor import FakeSnowflakeCursor
from fakesnow.dialect import parse_one
from snowflake.connector.errors import ProgrammingError

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

UNLOAD = re.compile(
    r"COPY\s+INTO\s+'?@(?P<stage>[\w.\"]+)/(?P<path>[^\s']+)'?\s+FROM\s*\((?P<query>.*)\)"
    r"\s*(?P<options>FILE_FORMAT\b.*)",
    re.IGNORECASE | re.DOTALL,
)


def unload(
    cursor: FakeSnowflakeCursor, s3: S3Client, query: str, bucket: str, key: str, options: str
) -> tuple[int, int]:
    """Run a query and put its answer; return rows and bytes.

    Raises:
        ProgrammingError: options that this endpoint does not know.
    """
    if not re.search(r"TYPE\s*=\s*'?PARQUET", options, re.IGNORECASE) or not re.search(
        r"SINGLE\s*=\s*TRUE", options, re.IGNORECASE
    ):
        raise ProgrammingError(msg="Only one Parquet file (SINGLE = TRUE) is unloaded.", errno=1003)
    sql = cursor._transform(parse_one(query), None).sql(dialect="duckdb")
    with tempfile.TemporaryDirectory(prefix="unload-") as folder:
        path = Path(folder) / "unloaded.parquet"
        counted = cursor._duck_conn.execute(
            f"COPY ({sql}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)"
        ).fetchone()
        s3.upload_file(str(path), bucket, key)
        return int(counted[0]) if counted else 0, path.stat().st_size
