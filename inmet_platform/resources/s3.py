"""S3 and its events, for assets and sensors."""

from __future__ import annotations

from inmet_platform.resources.home import HomeResource
from inmet_platform.storage.bucket import Bucket
from inmet_platform.storage.events import RawEvents


class S3Bucket(HomeResource):
    """The platform's bucket."""

    def bucket(self) -> Bucket:
        """The bucket of the configured endpoint."""
        return Bucket.from_settings(self.settings)


class RawEventQueue(HomeResource):
    """The queue of `raw/` events."""

    def events(self) -> RawEvents:
        """The queue of the configured endpoint."""
        return RawEvents.from_settings(self.settings)
