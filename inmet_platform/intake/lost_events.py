"""Finds objects whose event was lost, without a look at the whole bucket.

Keys of the upload service begin with their day and hour, so the newest are one short listing. What
others put under `raw/` without the folders of a day is another. The ledger is asked only when a
listing has changed since it was last found complete.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from zlib import crc32

from inmet_platform.intake.new_objects import is_known
from inmet_platform.ledger.ledger import Ledger
from inmet_platform.storage.bucket import Bucket
from inmet_platform.storage.listing import RawObject

# An event takes seconds; what is younger may still be on its way.
ON_ITS_WAY = timedelta(seconds=30)
# A key bears the time at which its upload began, and is there when it has ended.
LONGEST_UPLOAD = timedelta(hours=1)


@dataclass(frozen=True)
class Listing:
    """Objects in the order of their keys, and what they are compared by."""

    objects: list[RawObject]

    @cached_property
    def digest(self) -> str:
        """Of keys and contents; empty when there is no object."""
        lines = (f"{it.key}\n{it.etag}\n" for it in self.objects)
        return hashlib.sha256("".join(lines).encode()).hexdigest() if self.objects else ""

    @cached_property
    def marks(self) -> list[str]:
        """Eight hex digits of each object, to know it again."""
        return [f"{crc32(f'{it.key} {it.etag}'.encode()):08x}" for it in self.objects]

    def without(self, marks: Iterable[str]) -> Listing:
        """The objects whose mark is none of these."""
        known = frozenset(marks)
        marked = zip(self.objects, self.marks, strict=True)
        return Listing([it for it, mark in marked if mark not in known])

    def unknown_to(self, ledger: Ledger) -> Listing:
        """The objects that the ledger has no row of, or one of another content."""
        if not self.objects:
            return self
        known = ledger.known_etags(first_key=self.objects[0].key)
        return Listing([it for it in self.objects if not is_known(it.key, it.etag, known)])


def newest_uploads(bucket: Bucket, now: datetime, looked_at: datetime) -> Listing:
    """What the upload service stored since the hour before the last look, but for the last seconds.

    Args:
        bucket: with the raw objects.
        now: the present instant, with its time zone.
        looked_at: when this was last asked; what was lost while nobody asked is found too.
    """
    hour = min(now, looked_at).replace(minute=0, second=0, microsecond=0)
    return _settled(bucket.list_uploads(since=hour - LONGEST_UPLOAD), now)


def put_by_others(bucket: Bucket, now: datetime, _looked_at: datetime) -> Listing:
    """What lies under `raw/` without the folders of a day, but for the last seconds."""
    return _settled(bucket.list_put_by_others(), now)


def _settled(objects: Iterable[RawObject], now: datetime) -> Listing:
    settled = [it for it in objects if it.last_modified < now - ON_ITS_WAY]
    return Listing(sorted(settled, key=lambda it: it.key))
