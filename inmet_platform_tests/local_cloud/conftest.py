"""A session and a bucket of the embedded cloud."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from inmet_platform.config.settings import Settings
from inmet_platform.storage.bucket import Bucket
from inmet_platform.warehouse.session import Session, open_session


@pytest.fixture
def session(settings: Settings) -> Iterator[Session]:
    with open_session(settings, tag="test") as session:
        yield session


@pytest.fixture
def bucket(settings: Settings) -> Bucket:
    return Bucket.from_settings(settings)
