"""Finds uploads whose event was lost, without a look at the whole bucket.

Keys of the upload service begin with their day and hour, so the newest are one short listing. The
ledger is asked only when that listing has changed since it was last found complete.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from inmet_platform.ledger.ledger import Ledger
from inmet_platform.storage.bucket import Bucket, RawObject

# An event takes seconds; what is younger may still be on its way.
ON_ITS_WAY = timedelta(seconds=30)
# A key bears the time at which its upload began, and is there when it has ended.
LONGEST_UPLOAD = timedelta(hours=1)


@dataclass(frozen=True)
class Listing:
    """Objects in the order of their keys, and what they are compared by."""

    objects: list[RawObject]

    @property
    def digest(self) -> str:
        """Of keys and contents."""
        lines = (f"{it.key}\n{it.etag}\n" for it in self.objects)
        return hashlib.sha256("".join(lines).encode()).hexdigest() if self.objects else ""


def newest_uploads(bucket: Bucket, now: datetime) -> Listing:
    """What the upload service stored in the last one to two hours, but for the last seconds.

    Args:
        bucket: with the raw objects.
        now: the present instant, with its time zone.
    """
    hour = now.replace(minute=0, second=0, microsecond=0)
    objects = bucket.list_uploads(since=hour - LONGEST_UPLOAD)
    return Listing([it for it in objects if it.last_modified < now - ON_ITS_WAY])


def unknown_keys(listing: Listing, ledger: Ledger) -> list[str]:
    """The keys of a listing that the ledger has no row of."""
    if not listing.objects:
        return []
    known = ledger.known_keys_from(listing.objects[0].key)
    return [it.key for it in listing.objects if it.key not in known]
