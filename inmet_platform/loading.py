"""Landed files to loaded files: waits for Snowpipe and moves the ledger on, file by file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from inmet_platform.bucket import Bucket
from inmet_platform.ledger import utc_now
from inmet_platform.mirror import advance
from inmet_platform.snowpipe import ExpectedFile, await_loads
from inmet_platform.status import FileState
from inmet_platform.warehouse import Session


@dataclass
class Loaded:
    """What Snowpipe has loaded for this run: Parquet files, their rows and bytes."""

    files: int = 0
    rows: int = 0
    size_bytes: int = 0


def load_landed(
    session: Session, bucket: Bucket, deadline_s: float, say: Callable[[str], None]
) -> Loaded:
    """Wait for every landed file of the ledger; a raw object is loaded when all its files are.

    Raises:
        SnowpipeError: see `snowpipe.await_loads`; what was loaded before it is written down.
    """
    waiting: dict[str, set[str]] = defaultdict(set)  # landing key -> raw keys
    missing: dict[str, set[str]] = defaultdict(set)  # raw key -> landing keys
    expected: dict[str, ExpectedFile] = {}
    upload_ids: dict[str, str] = {}
    sizes: dict[str, tuple[int, int]] = {}
    for row in session.query("load/select_landed_files"):
        key, raw_key = row["landing_key"], row["raw_key"]
        waiting[key].add(raw_key)
        missing[raw_key].add(key)
        upload_ids[raw_key] = row["upload_id"]
        sizes[key] = (row["row_count"], row["size_bytes"])
        expected[key] = ExpectedFile(key, row["table_name"], row["landed_at"])
    loaded = Loaded()

    def on_loaded(file: ExpectedFile) -> None:
        rows, size_bytes = sizes[file.key]
        loaded.files += 1
        loaded.rows += rows if file.table == "observations" else 0
        loaded.size_bytes += size_bytes
        for raw_key in waiting[file.key]:
            missing[raw_key].discard(file.key)
            if not missing[raw_key]:
                session.execute("load/mark_file_loaded", raw_key=raw_key, now=utc_now())
                advance(bucket, [upload_ids[raw_key]], FileState.LOADED)
        say(f"Snowpipe loaded {file.key}: {rows:,} rows")

    if expected:
        await_loads(session, list(expected.values()), deadline_s=deadline_s, on_loaded=on_loaded)
    return loaded
