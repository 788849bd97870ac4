"""The Painel in Chromium on the real data service; its tests are painel.test.mjs."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from inmet_platform_tests.embedded import free_port
from inmet_platform_tests.node import ROOT, needs_browser, run_node_tests
from inmet_platform_tests.painel.files import write_files
from inmet_platform_tests.processes import answers, running

HERE = Path(__file__).parent


@pytest.fixture
def service(tmp_path: Path) -> Iterator[str]:
    """The address of a data service on the files of two synthetic stations."""
    write_files(tmp_path / "data" / "processed")
    shutil.copy(ROOT / ".env.example", tmp_path / ".env")
    url = f"http://127.0.0.1:{free_port()}"
    environment = {**os.environ, "INMET_HOME": str(tmp_path), "DATA_URL": url}
    argv, log = [sys.executable, "-m", "data_service"], tmp_path / "data.log"
    with running(argv, log, environment, ready=answers(f"{url}/ready")):
        yield url


@needs_browser
def test_painel_is_drawn_usable_and_accessible_from_phone_to_desktop(service: str) -> None:
    run_node_tests(
        HERE / "painel.test.mjs",
        PAINEL_URL=service,
        PAINEL_STATION="Z999",
        PAINEL_FROM="2024-01-01",
        PAINEL_TO="2024-12-30",
    )
