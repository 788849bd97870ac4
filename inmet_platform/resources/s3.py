"""S3 and its events, for assets and sensors."""

from __future__ import annotations

from pydantic import PrivateAttr

from inmet_platform.resources.home import HomeResource
from inmet_platform.storage.bucket import Bucket
from inmet_platform.storage.events import RawEvents


class S3Bucket(HomeResource):
    """The platform's bucket; a run makes one client."""

    _bucket: Bucket | None = PrivateAttr(None)

    def bucket(self) -> Bucket:
        """The bucket of the configured endpoint."""
        self._bucket = self._bucket or Bucket.from_settings(self.settings)
        return self._bucket


class RawEventQueue(HomeResource):
    """The queue of `raw/` events; a run makes one client."""

    _events: RawEvents | None = PrivateAttr(None)

    def events(self) -> RawEvents:
        """The queue of the configured endpoint."""
        self._events = self._events or RawEvents.from_settings(self.settings)
        return self._events
