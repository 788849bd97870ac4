"""What Snowpipe does: takes S3 events from its queue and loads the files they name.

A message is deleted only after the load has committed. At start, and on REFRESH, the objects
under each pipe are compared with its history, so a lost event loses no file.
"""

from __future__ import annotations

import json
import logging
import tempfile
import threading
from collections import deque
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import boto3
import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError
from fakesnow.instance import FakeSnow

from inmet_platform.config.settings import Settings
from inmet_platform.warehouse.timestamps import utc_now
from local_cloud.channel import open_channel
from local_cloud.pipes import Load, Pipe, PipeStore

LONG_POLL_S = 1
RETRY_S = 1

# Snowflake's zone where an account sets none; a pipe has no session that could set one.
PIPE_ZONE = "America/Los_Angeles"
# What REFRESH sees, from when a file was put.
REFRESH_SEES = timedelta(days=7)

# What is wrong with a file itself; anything else (memory, disk, a conflict) is tried again.
BAD_FILE = (
    duckdb.ConversionException,
    duckdb.ConstraintException,
    duckdb.BinderException,
    duckdb.InvalidInputException,
    pa.ArrowException,
)

logger = logging.getLogger("snowpipe")


class Ingestion:
    """One worker for all pipes, with one queue: the notification channel."""

    def __init__(self, settings: Settings, instance: FakeSnow, store: PipeStore) -> None:
        """Create the queue (MiniStack forgets its queues when it is killed)."""
        self._instance = instance
        self._store = store
        arguments = settings.aws_client_arguments()
        self.s3 = boto3.client("s3", **arguments)
        self._sqs = boto3.client("sqs", **arguments)
        self._queue_url, self.channel = open_channel(self._sqs)
        self._asked: deque[tuple[Pipe, str]] = deque()
        self.pending: dict[tuple[str, str], set[str]] = {}
        self.last_message_at: datetime | None = None
        self.forwarded_at: dict[tuple[str, str], datetime] = {}

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop; no file and no failure ends it."""
        to_compare = self._store.all()
        while not stop.is_set():
            try:
                while to_compare:
                    # For the events that were on their way; what a replaced pipe took has none.
                    self.refresh(to_compare[-1], with_replaced=True)
                    to_compare.pop()
                self._load_asked()
                self._receive()
            except (ClientError, BotoCoreError, Boto3Error) as error:
                logger.warning("S3 or SQS does not answer: %s", error)
                stop.wait(1.0)
            except Exception:
                logger.exception("a load failed and is tried again")
                stop.wait(1.0)

    def refresh(self, pipe: Pipe, prefix: str = "", *, with_replaced: bool = False) -> list[str]:
        """Have the objects of seven days under a pipe loaded that its history does not know.

        With what a replaced pipe took, every object: so a start makes up for lost events.
        """
        now = datetime.now(UTC)
        since = datetime.min.replace(tzinfo=UTC) if with_replaced else now - REFRESH_SEES
        known = self._store.known_files(pipe, with_replaced=with_replaced)
        found = []
        pages = self.s3.get_paginator("list_objects_v2").paginate(
            Bucket=pipe.bucket, Prefix=pipe.prefix + prefix
        )
        try:
            for page in pages:
                items = page.get("Contents", [])
                keys = [item["Key"] for item in items if item["LastModified"] >= since]
                found += [key for key in keys if pipe.file_name(key) not in known]
        except ClientError as error:  # the bucket is not made yet
            logger.warning("%s: %s", pipe.full_name, error)
        self._asked.extend((pipe, key) for key in found)
        self.pending.setdefault(pipe.key, set()).update(found)
        return found

    def access_error(self, pipe: Pipe) -> str:
        """Why the objects under a pipe cannot be read; empty when they can."""
        try:
            self.s3.list_objects_v2(Bucket=pipe.bucket, Prefix=pipe.prefix, MaxKeys=1)
        except (ClientError, BotoCoreError) as error:
            return f"Access to s3://{pipe.bucket}/{pipe.prefix} failed: {error}"
        return ""

    def forget(self, pipe: Pipe) -> None:
        """What a pipe that is replaced has not loaded yet is lost with it."""
        for item in list(self._asked):
            if item[0].key == pipe.key:
                self._done_with(item)
        self.pending.pop(pipe.key, None)

    def outstanding(self) -> int:
        """Events in the channel that no pipe has taken yet."""
        names: Any = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        answer = self._sqs.get_queue_attributes(QueueUrl=self._queue_url, AttributeNames=names)
        return sum(int(answer["Attributes"][name]) for name in names)

    def _load_asked(self) -> None:
        for _ in range(len(self._asked)):
            if not self._asked:  # forgotten meanwhile
                return
            item = self._asked[0]
            pipe = self._store.find(item[0].database, item[0].full_name) or item[0]
            if pipe.paused:
                self._asked.rotate(-1)
            else:
                self._load(pipe, item[1])  # a file that cannot be loaded now stays the first
                self._done_with(item)

    def _done_with(self, item: tuple[Pipe, str]) -> None:
        with suppress(ValueError):  # another thread was first
            self._asked.remove(item)

    def _receive(self) -> None:
        answer = self._sqs.receive_message(
            QueueUrl=self._queue_url,
            MaxNumberOfMessages=10,
            WaitTimeSeconds=LONG_POLL_S,
            VisibilityTimeout=600,
        )
        for message in answer.get("Messages", []):
            self.last_message_at = utc_now()
            receipt = message["ReceiptHandle"]
            if self._take_or_leave(message["Body"]):
                self._sqs.delete_message(QueueUrl=self._queue_url, ReceiptHandle=receipt)
            else:
                self._sqs.change_message_visibility(
                    QueueUrl=self._queue_url, ReceiptHandle=receipt, VisibilityTimeout=RETRY_S
                )

    def _take_or_leave(self, body: str) -> bool:
        """Whether a message is done with; one that fails comes again."""
        try:
            self._take(json.loads(body))
        except (ValueError, KeyError, TypeError, AttributeError):
            logger.warning("no event of S3, left out: %s", body[:200])
            return True
        except Exception:
            logger.exception("a load failed and is tried again")
            return False
        return True

    def _take(self, body: dict[str, Any]) -> None:
        """Load what a message names; a paused pipe keeps it until it is resumed or replaced."""
        for record in body.get("Records", []):
            bucket = record["s3"]["bucket"]["name"]
            key = unquote_plus(record["s3"]["object"]["key"])
            for pipe in self._store.all():
                if pipe.bucket != bucket or not key.startswith(pipe.prefix):
                    continue
                if pipe.paused:
                    self.pending.setdefault(pipe.key, set()).add(key)
                    self._asked.append((pipe, key))
                else:
                    self._load(pipe, key)

    def _load(self, pipe: Pipe, key: str) -> None:
        waiting = self.pending.setdefault(pipe.key, set())
        waiting.add(key)
        self.forwarded_at[pipe.key] = utc_now()
        # What arrives while the table is missing or the pipe is stopped is not queued.
        takes = self._store.has_table(pipe) and not pipe.stopped
        if takes and not self._store.is_known(pipe, key):
            self._load_file(pipe, key, utc_now())
        waiting.discard(key)

    def _load_file(self, pipe: Pipe, key: str, received_at: datetime) -> None:
        with tempfile.TemporaryDirectory(prefix="snowpipe-") as folder:
            path = Path(folder) / "file"
            try:
                self.s3.download_file(pipe.bucket, key, str(path))
            except ClientError as error:
                if error.response["Error"]["Code"] != "404":
                    raise
                logger.warning("%s is gone, its event came late", key)
                return
            size, name = path.stat().st_size, pipe.file_name(key)
            with self._store.cursor(pipe.database) as cursor:
                cursor.execute(f"SET TimeZone = '{PIPE_ZONE}'")
                cursor.execute("BEGIN")
                try:
                    rows = _insert(cursor, pipe, path, key)
                    self._store.record(cursor, pipe, Load(name, received_at, rows, size, "Loaded"))
                    cursor.execute("COMMIT")
                except BAD_FILE as error:
                    cursor.execute("ROLLBACK")
                    message = str(error).split("\n")[0]
                    failed = Load(name, received_at, 0, size, "Load failed", message)
                    self._store.record(cursor, pipe, failed)
                    logger.warning("%s refused: %s", key, message)
                except duckdb.Error:
                    cursor.execute("ROLLBACK")
                    raise
                else:
                    logger.info("%s loaded into %s: %s rows", key, pipe.table_name, rows)


def _insert(cursor: duckdb.DuckDBPyConnection, pipe: Pipe, path: Path, key: str) -> int:
    """MATCH_BY_COLUMN_NAME: columns that both have, the rest null; then the file's metadata."""
    values = {"METADATA$FILENAME": key, "METADATA$START_SCAN_TIME": datetime.now(UTC)}
    target = f'"{pipe.table_schema}"."{pipe.table_name}"'
    there = [row[0] for row in cursor.execute(f"DESCRIBE {target}").fetchall()]
    own = {name.upper(): value for name, value in pipe.include_metadata}
    in_file = {name.upper(): name for name in pq.read_schema(path).names}
    columns = [name for name in there if name.upper() in in_file and name.upper() not in own]
    selected = [f'"{in_file[name.upper()]}"' for name in columns] + ["?"] * len(own)
    names = ", ".join(f'"{name}"' for name in [*columns, *own])
    cursor.execute(
        f"INSERT INTO {target} ({names}) "  # noqa: S608 - names of the table itself
        f"SELECT {', '.join(selected)} FROM read_parquet('{path}')",
        [values[value.upper()] for value in own.values()],
    )
    counted = cursor.fetchone()
    return int(counted[0]) if counted else 0
