"""`inmet rebuild`: RAW and CLEAN from `raw/` alone, into an empty warehouse.

While it lasts, a file in the home folder names the database: who was cut off goes on.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

from inmet_platform.command.main_job import run_chain
from inmet_platform.command.services import warehouse_running
from inmet_platform.config.settings import Settings
from inmet_platform.errors import PlatformError
from inmet_platform.ledger.lease import Lease
from inmet_platform.storage.bucket import Bucket
from inmet_platform.warehouse.bootstrap import prepare
from inmet_platform.warehouse.session import open_session

Say = Callable[[str], None]

TAG = "inmet:rebuild"


def rebuild(settings: Settings, say: Say) -> None:
    """Read every raw object again and bring it through the chain; who was cut off goes on.

    The time of an edition is that of the object or of its sender, as before. What an object held
    before another content was put under its key is in RAW alone, so it does not come back.

    Raises:
        PlatformError: the warehouse is not empty, `raw/` is, or a stage of the chain fails.
    """
    bucket = Bucket.from_settings(settings)
    with warehouse_running(settings):
        sizes = [item.size_bytes for item in bucket.list_raw()]
        if not sizes:
            raise PlatformError(
                f"{bucket.name}/{bucket.raw_prefix} holds no object to rebuild from.",
                remedy="Restore the bucket first, or check S3_BUCKET and S3_PATH.",
            )
        begin(settings, bucket, "raw/", say)
        say(f"{len(sizes):,} raw object(s), {sum(sizes):,} bytes, are read again")
        finish(settings, say)


def begin(settings: Settings, bucket: Bucket, source: str, say: Say) -> None:
    """See that the warehouse is empty, and make it ready to take everything in again.

    Args:
        settings: where the endpoints are.
        bucket: whose `landing/` is emptied.
        source: what is taken in; only who begins with the same again goes on.
        say: is told what was there.

    Raises:
        PlatformError: it holds something, and not because this was begun before.
    """
    for sentence in prepare(settings):
        say(sentence)
    with open_session(settings, tag=TAG) as session:
        # Meanwhile no run takes a file in.
        holder = f"{TAG}:{uuid.uuid4()}"
        lease = Lease("intake", holder, session, lambda: open_session(settings, tag=TAG))
        with lease.held(say):
            files = sum(row["file_count"] for row in session.query("load/count_files_by_state"))
            [clean] = session.query("clean/count_observations")
            if not (files or clean["row_count"]):
                _begun(settings).parent.mkdir(exist_ok=True)
                _begun(settings).write_text(_words(settings, source), encoding="utf-8")
                # Snowpipe is told of a file when it is put, and one that is there is not put again.
                bucket.delete_landing()
            elif not _was_begun(settings, source):
                name = settings.snowflake_database
                raise PlatformError(
                    f"Expected an empty warehouse; found {files:,} file(s) in the ledger and "
                    f"{clean['row_count']:,} hours in CLEAN of {name}.",
                    remedy="Set SNOWFLAKE_DATABASE to a new name, rebuild, compare, and drop "
                    f"{name} then.",
                )


def finish(settings: Settings, say: Say) -> None:
    """Run the chain, which takes what is still to do."""
    run_chain(settings, say)
    _begun(settings).unlink(missing_ok=True)


def _was_begun(settings: Settings, source: str) -> bool:
    file = _begun(settings)
    return file.exists() and file.read_text(encoding="utf-8") == _words(settings, source)


def _words(settings: Settings, source: str) -> str:
    return f"{settings.snowflake_database} from {source}\n"


def _begun(settings: Settings) -> Path:
    return settings.state_dir / "rebuilding"
