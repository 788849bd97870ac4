"""The bucket's event notifications: which queue is told of new objects under which prefix."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from inmet_platform.config.settings import Settings
from inmet_platform.errors import StorageError
from inmet_platform.storage.bucket import Bucket
from inmet_platform.storage.events import RawEvents
from inmet_platform.storage.s3_errors import translated

RAW_NOTIFICATION = "inmet-raw"
LANDING_NOTIFICATION = "inmet-landing"


def join_notifications(settings: Settings, bucket: Bucket, channels: list[str]) -> str:
    """Join `raw/` to the platform's queue and `landing/` to the channels of the pipes.

    S3 replaces the whole configuration at every put, so it is read, merged and written. Entries
    that exist stay, under whatever name: CloudFormation cannot name its entries, and S3 refuses two
    entries for one prefix.

    Returns:
        A sentence on what was done.

    Raises:
        StorageError: S3 does not take them.
    """
    raw_queue = RawEvents.from_settings(settings).arn()
    ours = [_notification(RAW_NOTIFICATION, raw_queue, bucket.raw_prefix)]
    ours += [_notification(LANDING_NOTIFICATION, arn, bucket.landing_prefix) for arn in channels]
    wanted = [_meaning(entry) for entry in ours]
    names = {RAW_NOTIFICATION, LANDING_NOTIFICATION}
    try:
        present: Any = bucket.client.get_bucket_notification_configuration(Bucket=bucket.name)
        present.pop("ResponseMetadata", None)
        before = present.get("QueueConfigurations", [])
        there = [entry for entry in before if _meaning(entry) in wanted]
        others = [e for e in before if e not in there and e.get("Id") not in names]
        if len(there) < len(ours) or len(there) + len(others) < len(before):
            known = [_meaning(entry) for entry in there]
            missing = [entry for entry in ours if _meaning(entry) not in known]
            present["QueueConfigurations"] = [*others, *there, *missing]
            bucket.client.put_bucket_notification_configuration(
                Bucket=bucket.name, NotificationConfiguration=present
            )
    except (ClientError, BotoCoreError) as error:
        raise StorageError(
            f"S3 at {bucket.client.meta.endpoint_url} did not take the notifications of "
            f"{bucket.name}: {error}.",
            remedy="It needs s3:GetBucketNotification and s3:PutBucketNotification; where a "
            "CloudFormation stack made the bucket, give it the channel as SnowpipeChannelArn: "
            f"{', '.join(channels)}",
        ) from error
    return f"notifications of {bucket.name}: raw/ and landing/ joined, {len(others)} other(s) kept"


def notified_prefixes(bucket: Bucket) -> set[str]:
    """The prefixes whose new objects are told to a queue."""
    with translated(bucket.client, bucket.name, "read its notifications"):
        present = bucket.client.get_bucket_notification_configuration(Bucket=bucket.name)
    filters = [_meaning(entry)[2] for entry in present.get("QueueConfigurations", [])]
    return {value for rules in filters for name, value in rules if name == "prefix"}


def _meaning(entry: Any) -> tuple[str, list[str], list[tuple[str, str]]]:
    """Queue, events and filter, without the name."""
    rules = entry.get("Filter", {}).get("Key", {}).get("FilterRules", [])
    filters = sorted((rule["Name"].lower(), rule["Value"]) for rule in rules)
    return entry["QueueArn"], sorted(entry["Events"]), filters


def _notification(name: str, queue_arn: str, prefix: str) -> dict[str, Any]:
    return {
        "Id": name,
        "QueueArn": queue_arn,
        # Not Put alone: a large file comes by multipart upload.
        "Events": ["s3:ObjectCreated:*"],
        "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": prefix}]}},
    }
