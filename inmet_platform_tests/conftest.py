"""One embedded cloud for all tests; each test that asks gets a tenant of its own."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from inmet_platform.config.settings import Settings
from inmet_platform_tests.embedded import EmbeddedCloud, example_environment
from inmet_platform_tests.mariadb import INSTALL_DB, MARIADBD, MariaDb


def pytest_configure() -> None:
    """Start every process of a test with default signals, whoever started the tests.

    A script's background job ignores SIGINT, and a process hands on what it ignores; what it
    handles is the default in those that it starts.
    """
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True, scope="session")
def _no_settings_from_outside() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in [*example_environment(), "INMET_HOME", "DAGSTER_HOME"]:
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session")
def embedded_cloud(
    tmp_path_factory: pytest.TempPathFactory, _no_settings_from_outside: None
) -> Iterator[EmbeddedCloud]:
    cloud = EmbeddedCloud(tmp_path_factory.mktemp("cloud"))
    cloud.start()
    yield cloud
    cloud.stop()


@pytest.fixture
def settings(embedded_cloud: EmbeddedCloud, tmp_path: Path) -> Settings:
    """A bootstrapped tenant."""
    return embedded_cloud.tenant(tmp_path)


@pytest.fixture(scope="session")
def mariadb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MariaDb]:
    """A database server; it answers as MySQL does, whose own packages Debian has not."""
    if not (MARIADBD and INSTALL_DB):
        pytest.skip("mariadbd is not installed (Debian: apt-get install mariadb-server)")
    server = MariaDb(tmp_path_factory.mktemp("mariadb"))
    try:
        server.start()
        yield server
    finally:
        server.stop()
