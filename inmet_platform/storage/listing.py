"""Lists objects of a bucket, a thousand a request: all, or those in no folder of a day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from inmet_platform.storage.s3_errors import translated

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_s3.type_defs import ListObjectsV2OutputTypeDef

# The folders of an upload, below `raw/`: its year, month and day.
DAY = (r"\d{4}/", r"\d\d/", r"\d\d/")


@dataclass(frozen=True)
class RawObject:
    """An object under `raw/`: its key, size in bytes, time of upload (UTC), and ETag.

    S3 gives another content under the same key another ETag.
    """

    key: str
    size_bytes: int
    last_modified: datetime
    etag: str

    @property
    def name(self) -> str:
        """The file name it was uploaded under; the key's last part when put in by hand."""
        return re.sub("^[0-9a-f]{24}-", "", PurePosixPath(self.key).name)


def list_objects(
    client: S3Client, bucket: str, prefix: str, after: str = ""
) -> Iterator[RawObject]:
    """Every object under a prefix, by key.

    Args:
        client: S3's.
        bucket: its name.
        prefix: of the keys.
        after: a key; what comes before it in the order of keys, and itself, is left out.
    """
    pages = client.get_paginator("list_objects_v2").paginate(
        Bucket=bucket, Prefix=prefix, StartAfter=after
    )
    with translated(client, bucket, f"list {prefix}"):
        for page in pages:
            yield from _objects(page)


def list_outside_days(
    client: S3Client, bucket: str, prefix: str, levels: tuple[str, ...] = DAY
) -> Iterator[RawObject]:
    """Every object under a prefix that is not below `yyyy/mm/dd/`; folders of days are not opened.

    Args:
        client: S3's.
        bucket: its name.
        prefix: of the keys, with `/` at its end.
        levels: what the folders below the prefix are called that lead to a day.
    """
    pages = client.get_paginator("list_objects_v2").paginate(
        Bucket=bucket, Prefix=prefix, Delimiter="/"
    )
    with translated(client, bucket, f"list {prefix}"):
        for page in pages:
            yield from _objects(page)
            for folder in (item["Prefix"] for item in page.get("CommonPrefixes", [])):
                if not re.fullmatch(levels[0], folder.removeprefix(prefix)):
                    yield from list_objects(client, bucket, folder)
                elif len(levels) > 1:
                    yield from list_outside_days(client, bucket, folder, levels[1:])


def _objects(page: ListObjectsV2OutputTypeDef) -> Iterator[RawObject]:
    for item in page.get("Contents", []):
        if not item["Key"].endswith("/"):
            etag = item["ETag"].strip('"')
            yield RawObject(item["Key"], item["Size"], item["LastModified"], etag)
