"""The upload service in this process, on a bucket of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from inmet_platform.config.settings import Settings
from upload_service.app import create_app


@pytest.fixture
def client(storage: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(storage), base_url=storage.upload_url) as client:
        yield client
