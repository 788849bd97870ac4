"""Puts landing files of station headers, and waits until the embedded Snowpipe took them."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from inmet_platform.storage.bucket import Bucket
from inmet_platform.warehouse.session import Session

DEADLINE_S = 60.0


def put(bucket: Bucket, name: str, folder: Path, rows: int = 3) -> str:
    """A landing file of `rows` headers; a column that the table lacks, and none of most others."""
    path = folder / name
    table = pa.table({"STATION_ID": ["A001"] * rows, "uf": ["DF"] * rows, "other": [1] * rows})
    pq.write_table(table, path)
    key = f"landing/station_headers/{name}"
    bucket.client.upload_file(str(path), bucket.name, key)
    return key


def history(session: Session) -> list[dict[str, Any]]:
    return session.query_text(
        "SELECT * FROM TABLE(INFORMATION_SCHEMA.COPY_HISTORY(TABLE_NAME => 'RAW.STATION_HEADERS', "
        "START_TIME => DATEADD(hour, -1, CURRENT_TIMESTAMP()))) ORDER BY file_name"
    )


def await_history(session: Session, files: int) -> list[dict[str, Any]]:
    deadline = time.monotonic() + DEADLINE_S
    while len(rows := history(session)) < files:
        assert time.monotonic() < deadline, rows
        time.sleep(0.05)
    return rows
