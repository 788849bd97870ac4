"""A home folder with exported files, and the service over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from data_service.app import create_app
from inmet_platform.config.settings import Settings
from inmet_platform_tests.data_service.made import write
from inmet_platform_tests.embedded import write_home


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    return write_home(tmp_path)


@pytest.fixture
def client(home: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(home), base_url=home.data_url, follow_redirects=False) as client:
        yield client


@pytest.fixture
def rows(home: Settings, client: TestClient) -> Callable[..., list[dict[str, Any]]]:
    """Writes hours, asks, and gives the rows of the answer."""

    def ask(held: list[dict[str, Any]], path: str, **parameters: Any) -> list[dict[str, Any]]:
        write(home, held)
        answer = client.get(path, params=parameters)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["rows"]
        return found

    return ask
