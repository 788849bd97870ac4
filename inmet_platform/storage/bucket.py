"""The bucket: its layout, and the only code that reads and writes S3 objects.

    raw/<yyyy>/<mm>/<dd>/<time-ordered id>-<name>   what was uploaded, never rewritten
    landing/<table>/<version>-<hash>.parquet        what Snowpipe loads, never overwritten
    status/<upload id>.json                         where an upload is in the chain
    export/<id>/<year>.parquet                      what the warehouse unloads, gone when fetched

The prefixes never overlap, so each can have its own event notification.
Knows boto3 and nothing of Dagster: the upload service and the assets share it.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, BinaryIO

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

from inmet_platform.errors import ObjectMissing
from inmet_platform.storage.listing import RawObject, list_objects, list_outside_days
from inmet_platform.storage.s3_errors import OPEN_BUCKET, TAKEN, translated

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

    from inmet_platform.config.settings import Settings

# An endpoint that does not answer becomes an error within half a minute.
CLIENT_CONFIG = Config(
    connect_timeout=5, read_timeout=20, retries={"max_attempts": 3, "mode": "standard"}
)
# For who only asks whether it answers: the pauses before further attempts take seconds.
ONE_ATTEMPT = CLIENT_CONFIG.merge(Config(retries={"total_max_attempts": 1}))

# The default of ten parts at once would hold 80 MB of every upload in memory.
TRANSFER_CONFIG = TransferConfig(max_concurrency=2)
TRANSFER_CONFIG.max_in_memory_upload_chunks = 2


class Bucket:
    """One bucket, with the platform's layout below an optional prefix (`S3_PATH`)."""

    def __init__(self, client: S3Client, name: str, path: str = "") -> None:
        """Wrap a boto3 client; nothing is called yet.

        Args:
            client: S3 client for the configured endpoint.
            name: bucket name.
            path: folder inside the bucket that holds `raw/`, `landing/` and `status/`.
        """
        self.client = client
        self.name = name
        folder = f"{path.strip('/')}/" if path.strip("/") else ""
        self.raw_prefix = f"{folder}raw/"
        self.landing_prefix = f"{folder}landing/"
        self.status_prefix = f"{folder}status/"
        self.export_prefix = f"{folder}export/"

    @classmethod
    def from_settings(cls, settings: Settings, config: Config = CLIENT_CONFIG) -> Bucket:
        """The bucket of the configured endpoint."""
        client = boto3.client("s3", **settings.aws_client_arguments(), config=config)
        return cls(client, settings.s3_bucket, settings.s3_path)

    def check(self) -> None:
        """Raise `BucketMissing` or `StorageError` unless the bucket answers."""
        with self._translated(OPEN_BUCKET):
            self.client.head_bucket(Bucket=self.name)

    def put_raw(self, stream: BinaryIO, name: str, metadata: dict[str, str]) -> str:
        """Store an upload byte for byte, streamed; return its new key.

        Args:
            stream: open binary file, read from its present position.
            name: file name as sent; folders are cut off.
            metadata: ASCII object metadata, such as sha256 and station-id.
        """
        file_name = PurePosixPath(name.replace("\\", "/")).name
        key = f"{self._upload_stem(datetime.now(UTC))}{secrets.token_hex(4)}-{file_name}"
        with self._translated("put", key):
            self.client.upload_fileobj(
                stream, self.name, key, ExtraArgs={"Metadata": metadata}, Config=TRANSFER_CONFIG
            )
        return key

    def restore_raw(self, stream: IO[bytes], rest_of_key: str, metadata: dict[str, str]) -> None:
        """Store a raw object under the key that it had, streamed.

        Args:
            stream: its bytes.
            rest_of_key: what follows `raw/`.
            metadata: of the object.
        """
        key = f"{self.raw_prefix}{rest_of_key}"
        with self._translated("put", key):
            self.client.upload_fileobj(
                stream, self.name, key, ExtraArgs={"Metadata": metadata}, Config=TRANSFER_CONFIG
            )

    def list_raw(self) -> Iterator[RawObject]:
        """Every object under `raw/`, by key, a thousand a request."""
        return self._list(self.raw_prefix)

    def list_uploads(self, since: datetime) -> Iterator[RawObject]:
        """The objects that `put_raw` stored since then, by key."""
        return self._list(f"{self.raw_prefix}2", after=self._upload_stem(since))

    def list_put_by_others(self) -> Iterator[RawObject]:
        """The objects under `raw/` whose keys bear no day, which no upload of ours has."""
        return list_outside_days(self.client, self.name, self.raw_prefix)

    def _upload_stem(self, moment: datetime) -> str:
        """The key of an upload up to its 16 hex digits of microseconds since 1970, by time."""
        return f"{self.raw_prefix}{moment:%Y/%m/%d}/{int(moment.timestamp() * 1_000_000):016x}"

    def list_landing(self, table: str) -> Iterator[RawObject]:
        """Every object under `landing/<table>/`."""
        return self._list(f"{self.landing_prefix}{table}/")

    def _list(self, prefix: str, after: str = "") -> Iterator[RawObject]:
        return list_objects(self.client, self.name, prefix, after)

    def renew(self, key: str) -> None:
        """Copy an object onto itself: the same bytes with a new time, and a new event."""
        source = {"Bucket": self.name, "Key": key}
        with self._translated("renew", key):
            # Unlike copy_object, this copies more than 5 GB as well.
            self.client.copy(
                source,  # type: ignore[arg-type]
                self.name,
                key,
                ExtraArgs={"MetadataDirective": "REPLACE"},
                Config=TRANSFER_CONFIG,
            )

    def head_raw(self, key: str) -> tuple[RawObject, dict[str, str]]:
        """A raw object and its metadata."""
        with self._translated("look at", key):
            head = self.client.head_object(Bucket=self.name, Key=key)
        found = RawObject(key, head["ContentLength"], head["LastModified"], head["ETag"].strip('"'))
        return found, head["Metadata"]

    def download(self, key: str, target: Path) -> None:
        """Stream an object to a file."""
        with self._translated("get", key):
            self.client.download_file(self.name, key, str(target), Config=TRANSFER_CONFIG)

    def download_raw(self, key: str, size_bytes: int, target: Path) -> dict[str, str]:
        """Stream a raw object of about this size to a file; return its metadata."""
        if size_bytes > TRANSFER_CONFIG.multipart_threshold:
            self.download(key, target)
            return self.head_raw(key)[1]
        with self._translated("get", key):  # one call does both
            answer = self.client.get_object(Bucket=self.name, Key=key)
            with closing(answer["Body"]) as body, target.open("wb") as stream:
                shutil.copyfileobj(body, stream)
        return answer["Metadata"]

    def delete(self, key: str) -> None:
        """Delete an object; one that is not there is no error."""
        with self._translated("delete", key):
            self.client.delete_object(Bucket=self.name, Key=key)

    def delete_unloaded(self, before: datetime) -> None:
        """Delete unloaded files that are older: the export that asked for them has died."""
        left = [item.key for item in self._list(self.export_prefix) if item.last_modified < before]
        for key in left:
            self.delete(key)

    def delete_landing(self) -> None:
        """Delete every landing file; they are made of the raw objects."""
        for item in self._list(self.landing_prefix):
            self.delete(item.key)

    def landing_key(self, table: str, source_hash: str) -> str:
        """Key of the landing file of `table` whose content `source_hash` names."""
        return f"{self.landing_prefix}{table}/{source_hash}.parquet"

    def put_landing(self, source: Path, key: str) -> None:
        """Upload a landing file unless its key exists: Snowpipe ignores an overwritten key."""
        if source.stat().st_size <= TRANSFER_CONFIG.multipart_threshold:  # one call does both
            self._put(key, source.read_bytes(), only_new=True)
        elif not self.exists(key):
            with self._translated("put", key):
                self.client.upload_file(str(source), self.name, key, Config=TRANSFER_CONFIG)

    def exists(self, key: str) -> bool:
        """Whether the key holds an object."""
        try:
            self.head_raw(key)
        except ObjectMissing:
            return False
        return True

    def read(self, key: str) -> bytes | None:
        """A small object whole; None when there is none."""
        try:
            with self._translated("get", key):
                return self.client.get_object(Bucket=self.name, Key=key)["Body"].read()
        except ObjectMissing:
            return None

    def write_json(self, key: str, text: str, *, only_new: bool = False) -> bool:
        """Write a small JSON object.

        Args:
            key: of the object.
            text: the JSON.
            only_new: leave an object that is there already.

        Returns:
            Whether it was written.
        """
        return self._put(key, text.encode(), only_new=only_new, ContentType="application/json")

    def _put(self, key: str, body: bytes, *, only_new: bool, **form: Any) -> bool:
        """Write an object in one call; return whether it was written."""
        condition: dict[str, Any] = {"IfNoneMatch": "*"} if only_new else {}
        with self._translated("put", key):
            try:
                self.client.put_object(Bucket=self.name, Key=key, Body=body, **form, **condition)
            except ClientError as error:
                if not only_new or error.response["Error"]["Code"] not in TAKEN:
                    raise
                return False
        return True

    def _translated(self, what: str, key: str = "") -> AbstractContextManager[None]:
        return translated(self.client, self.name, what, key)
