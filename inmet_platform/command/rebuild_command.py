"""`inmet rebuild`: RAW and CLEAN from `raw/` alone, into an empty warehouse."""

from __future__ import annotations

from collections.abc import Callable

from inmet_platform.command.main_job import run_chain
from inmet_platform.command.services import warehouse_running
from inmet_platform.config.settings import Settings
from inmet_platform.errors import PlatformError
from inmet_platform.storage.bucket import Bucket
from inmet_platform.warehouse.bootstrap import prepare
from inmet_platform.warehouse.session import open_session


def rebuild(settings: Settings, say: Callable[[str], None]) -> None:
    """Read every raw object again and bring it through the chain.

    Editions come out as they were: the time of an edition is that of the object or of its sender.

    Raises:
        PlatformError: the warehouse is not empty, `raw/` is, or a stage of the chain fails.
    """
    bucket = Bucket.from_settings(settings)
    with warehouse_running(settings):
        for sentence in prepare(settings):
            say(sentence)
        require_empty_warehouse(settings)
        sizes = [item.size_bytes for item in bucket.list_raw()]
        if not sizes:
            raise PlatformError(
                f"{bucket.name}/{bucket.raw_prefix} holds no object to rebuild from.",
                remedy="Restore the bucket first, or check S3_BUCKET and S3_PATH.",
            )
        say(f"{len(sizes):,} raw object(s), {sum(sizes):,} bytes, are read again")
        # Snowpipe is told of a file when it is put, and one that is there is not put again.
        bucket.delete_landing()
        run_chain(settings, say)


def require_empty_warehouse(settings: Settings) -> None:
    """Raise `PlatformError` when the ledger or CLEAN has rows."""
    with open_session(settings, tag="inmet:rebuild") as session:
        files = sum(row["file_count"] for row in session.query("load/count_files_by_state"))
        [clean] = session.query("clean/count_observations")
    if files or clean["row_count"]:
        name = settings.snowflake_database
        raise PlatformError(
            f"Expected an empty warehouse; found {files:,} file(s) in the ledger and "
            f"{clean['row_count']:,} hours in CLEAN of {name}.",
            remedy=f"Set SNOWFLAKE_DATABASE to a new name, rebuild, compare, and drop {name} then.",
        )
