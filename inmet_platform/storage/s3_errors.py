"""S3's errors as ours: each names the endpoint, what was asked, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError

from inmet_platform.errors import BucketMissing, ObjectForbidden, ObjectMissing, StorageError

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

OPEN_BUCKET = "open the bucket"
NOT_FOUND = frozenset({"404", "NoSuchKey", "NotFound"})
FORBIDDEN = frozenset({"403", "AccessDenied", "Forbidden"})
TAKEN = frozenset({"PreconditionFailed", "412", "ConditionalRequestConflict", "409"})


@contextmanager
def translated(client: S3Client, bucket: str, what: str, key: str = "") -> Iterator[None]:
    """Raise S3's errors as ours.

    Args:
        client: that makes the call.
        bucket: its name.
        what: is asked of S3, for the sentence: "open the bucket".
        key: of the object that it is asked of.

    Raises:
        BucketMissing, ObjectMissing, ObjectForbidden, StorageError: S3 refused, or did not answer.
    """
    asked = f"{what} {key}".rstrip()
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if key and code in NOT_FOUND:
            raise ObjectMissing(
                f"There is no object {key} in {bucket} at {client.meta.endpoint_url}.",
                remedy="Check S3_BUCKET and AWS_ENDPOINT_URL. The keys of raw objects stand in the "
                'ledger: inmet sql "SELECT raw_key FROM RAW.FILES"',
            ) from error
        raise _refusal(client.meta.endpoint_url, bucket, asked, code) from error
    except (BotoCoreError, Boto3Error) as error:
        raise StorageError(
            f"S3 at {client.meta.endpoint_url} did not answer when asked to {asked}: {error}.",
            remedy="Check AWS_ENDPOINT_URL, and that the endpoint runs (`inmet up`).",
        ) from error


def _refusal(endpoint: str, bucket: str, what: str, code: str) -> StorageError:
    if code == "NoSuchBucket" or (code in NOT_FOUND and what == OPEN_BUCKET):
        return BucketMissing(
            f"S3_BUCKET: there is no bucket {bucket!r} at {endpoint}.",
            remedy="Run `inmet bootstrap`, or set S3_BUCKET to an existing bucket.",
        )
    kind = ObjectForbidden if code in FORBIDDEN and what != OPEN_BUCKET else StorageError
    return kind(
        f"S3 at {endpoint} refused to {what}: {code}.",
        remedy="Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and the bucket's policy.",
    )
