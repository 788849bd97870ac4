"""S3 and its events, for assets and sensors."""

from __future__ import annotations

from inmet_platform.bucket import Bucket
from inmet_platform.events import RawEvents
from inmet_platform.resources.home import HomeResource


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
