"""A portal that publishes a year and fails when told to, and who fetches from it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from inmet_platform.config.settings import Settings
from inmet_platform_tests.archive.fetcher import ZIP, Fetcher
from inmet_platform_tests.portal import Portal, running_portal


@pytest.fixture(scope="module")
def server() -> Iterator[Portal]:
    with running_portal() as portal:
        yield portal


@pytest.fixture
def portal(server: Portal) -> Portal:
    server.files, server.faults, server.requests = {}, [], []
    server.publish(2024, ZIP)
    return server


@pytest.fixture
def fetcher(storage: Settings, portal: Portal) -> Fetcher:
    return Fetcher(storage, portal)
