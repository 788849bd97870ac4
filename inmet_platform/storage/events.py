"""The queue of `raw/` events: S3 tells it of every new object, so nobody has to list the bucket.

Delivery is at least once and in any order. A message is deleted only after the ledger knows
its object, so a run that dies in between loses nothing. A message that fails every time comes
again until SQS moves it to the dead-letter queue.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from inmet_platform.errors import StorageError
from inmet_platform.storage.bucket import CLIENT_CONFIG

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

    from inmet_platform.config.settings import Settings


@dataclass(frozen=True)
class QueueDepth:
    """How many messages wait, and when the queue was made (seconds since 1970).

    A queue younger than the one last seen has lost what the old one held.
    """

    waiting: int
    created_at: str


@dataclass(frozen=True)
class DeadLetters:
    """The dead-letter queue, and how many messages lie there."""

    queue_name: str
    count: int


@dataclass(frozen=True)
class RawEvent:
    """A message: the objects that it names (none for a test event), and its receipt.

    An object is its key and its ETag, None where the message tells none.
    """

    objects: tuple[tuple[str, str | None], ...]
    receipt: str

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the objects."""
        return tuple(key for key, _ in self.objects)


class RawEvents:
    """One SQS queue."""

    def __init__(self, client: SQSClient, queue_name: str, hidden_s: int = 60) -> None:
        """Wrap a boto3 client; nothing is called yet.

        Args:
            client: SQS client for the configured endpoint.
            queue_name: the queue.
            hidden_s: for how long a received message is hidden from others, in seconds.
        """
        self.client = client
        self.queue_name = queue_name
        self.hidden_s = hidden_s

    @classmethod
    def from_settings(cls, settings: Settings, config: Config = CLIENT_CONFIG) -> RawEvents:
        """The queue of the configured endpoint."""
        client = boto3.client("sqs", **settings.aws_client_arguments(), config=config)
        return cls(client, settings.raw_events_queue)

    def depth(self) -> QueueDepth:
        """One call, whose cost does not depend on how many objects there are."""
        attributes = self._attributes("ApproximateNumberOfMessages", "CreatedTimestamp")
        return QueueDepth(
            int(attributes["ApproximateNumberOfMessages"]), attributes["CreatedTimestamp"]
        )

    def receive(self) -> list[RawEvent]:
        """Up to ten messages, hidden from others for `hidden_s`; empty when none waits."""
        with self._translated():
            answer = self.client.receive_message(
                QueueUrl=self._url(),
                MaxNumberOfMessages=10,
                VisibilityTimeout=self.hidden_s,
                # A short poll asks only some of SQS's servers and may miss what waits.
                WaitTimeSeconds=1,
            )
        return [
            RawEvent(_objects(message["Body"]), message["ReceiptHandle"])
            for message in answer.get("Messages", [])
        ]

    def delete(self, events: list[RawEvent]) -> None:
        """Delete messages."""
        for first in range(0, len(events), 10):
            entries = [
                {"Id": str(number), "ReceiptHandle": event.receipt}
                for number, event in enumerate(events[first : first + 10])
            ]
            with self._translated():
                self.client.delete_message_batch(QueueUrl=self._url(), Entries=entries)  # type: ignore[arg-type]

    def arn(self) -> str:
        """The queue's ARN, as bucket notifications name it."""
        return self._attributes("QueueArn")["QueueArn"]

    def dead_letters(self) -> DeadLetters | None:
        """The messages that failed every time; None when there is no dead-letter queue."""
        policy = self._attributes("RedrivePolicy").get("RedrivePolicy")
        if policy is None:
            return None
        name = json.loads(policy)["deadLetterTargetArn"].rpartition(":")[2]
        dead = self._attributes("ApproximateNumberOfMessages", queue=name)
        return DeadLetters(name, int(dead["ApproximateNumberOfMessages"]))

    def _attributes(self, *names: Any, queue: str = "") -> dict[Any, str]:
        with self._translated():
            answer = self.client.get_queue_attributes(
                QueueUrl=self._url(queue), AttributeNames=names
            )
        return answer.get("Attributes", {})

    def _url(self, name: str = "") -> str:
        return self.client.get_queue_url(QueueName=name or self.queue_name)["QueueUrl"]

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (ClientError, BotoCoreError) as error:
            raise StorageError(
                f"SQS queue {self.queue_name!r} at {self.client.meta.endpoint_url}: {error}.",
                remedy="Run `inmet bootstrap`; check RAW_EVENTS_QUEUE and AWS_ENDPOINT_URL.",
            ) from error


def _objects(body: str) -> tuple[tuple[str, str | None], ...]:
    # S3 first sends {"Event": "s3:TestEvent"}, which has no Records; keys come URL-encoded.
    try:
        records = json.loads(body).get("Records", [])
        objects = [record["s3"]["object"] for record in records]
        return tuple((unquote_plus(it["key"]), it.get("eTag")) for it in objects)
    except (ValueError, KeyError, TypeError, AttributeError):
        # The message names no object. It must not stop the messages that do.
        return ()
