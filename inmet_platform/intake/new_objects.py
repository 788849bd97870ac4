"""Brings the objects that a listing shows, or that events of S3 name, into the ledger."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from inmet_platform.errors import ObjectForbidden, ObjectMissing, StorageError
from inmet_platform.ledger.lease import Say
from inmet_platform.ledger.ledger import Ledger
from inmet_platform.storage.bucket import Bucket
from inmet_platform.storage.events import RawEvent, RawEvents
from inmet_platform.storage.listing import RawObject

# Messages that are registered together.
MOST_AT_ONCE = 1000
# boto3 keeps ten connections.
ASKED_AT_A_TIME = 8


def register_listed(bucket: Bucket, ledger: Ledger) -> dict[str, str | None]:
    """Register what is new or has another content; return every key that is known then, by ETag."""
    known = ledger.known_etags()

    def unknown() -> Iterator[RawObject]:
        for item in bucket.list_raw():
            if not is_known(item.key, item.etag, known):
                known[item.key] = item.etag
                yield item

    ledger.register(unknown())
    return known


def register_found(bucket: Bucket, ledger: Ledger, keys: Iterable[str]) -> None:
    """Register objects that somebody saw; one that is gone or forbidden since is passed by."""

    def ask(key: str) -> RawObject | None:
        with suppress(ObjectMissing, ObjectForbidden):
            return bucket.head_raw(key)[0]
        return None

    with ThreadPoolExecutor(ASKED_AT_A_TIME) as pool:
        ledger.register([it for it in pool.map(ask, keys) if it is not None])


def is_known(key: str, etag: str | None, known: Mapping[str, str | None]) -> bool:
    """Whether the ledger knows this content; None is an ETag that nobody wrote down or told."""
    return key in known and (known[key] == etag or None in (known[key], etag))


def register_new_objects(
    events: RawEvents,
    bucket: Bucket,
    ledger: Ledger,
    known: Mapping[str, str | None],
    say: Say,
) -> None:
    """Empty the queue. A message is deleted only when the ledger knows its objects.

    Args:
        events: the queue.
        bucket: is asked for the objects, but for those that are `known`.
        ledger: gets a row for each object that it has none of.
        known: keys that the ledger is known to have, with their ETags.
        say: is told of a message that is left in the queue.
    """
    while messages := _receive(events):
        new = [
            message
            for message in messages
            if not all(is_known(*item, known) for item in message.objects)
        ]
        left = _register(new, bucket, ledger, say)
        events.delete([message for message in messages if message not in left])


def _receive(events: RawEvents) -> list[RawEvent]:
    """Messages, as many as come while the first is hidden from other runs."""
    messages: list[RawEvent] = []
    until = time.monotonic() + events.hidden_s / 3
    # Asked first, because a receive that finds nothing waits a second for something to come.
    while len(messages) < MOST_AT_ONCE and time.monotonic() < until and events.depth().waiting:
        received = events.receive()
        if not received:
            break
        messages += received
    return messages


def _register(messages: list[RawEvent], bucket: Bucket, ledger: Ledger, say: Say) -> list[RawEvent]:
    """Give the objects a row each; return the messages whose objects S3 does not show."""

    def ask(message: RawEvent) -> list[RawObject] | StorageError:
        try:
            return list(_objects(message, bucket))
        except StorageError as error:
            return error

    # S3 is waited for, not worked for, and the messages are hidden for a minute only.
    with ThreadPoolExecutor(ASKED_AT_A_TIME) as pool:
        answers = list(zip(messages, pool.map(ask, messages), strict=True))
    found: list[RawObject] = []
    left: list[RawEvent] = []
    for message, answer in answers:
        if isinstance(answer, StorageError):
            # Does S3 fail, or only this message? One message must not stop the others.
            bucket.check()
            left.append(message)
            say(f"an event of {', '.join(message.keys)[:200]} is left in the queue: {answer}")
        else:
            found += answer
    if found:
        ledger.register(found)
    return left


def _objects(message: RawEvent, bucket: Bucket) -> Iterator[RawObject]:
    """The raw objects that a message names, without those that are deleted again."""
    for key in message.keys:
        if key.startswith(bucket.raw_prefix) and not key.endswith("/"):
            with suppress(ObjectMissing):
                yield bucket.head_raw(key)[0]
