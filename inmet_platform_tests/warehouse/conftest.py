"""The statements, for the tests that only read them."""

from __future__ import annotations

import pytest

from inmet_platform.warehouse.sql import Statements
from inmet_platform_tests.embedded import write_home


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Statements:
    """The statements as the example's settings write them."""
    return Statements(write_home(tmp_path_factory.mktemp("written")))
