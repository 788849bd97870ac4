"""Tenants that many tests ask: each is loaded once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import dagster as dg
import pytest

from inmet_platform_tests.chain.conftest import Chain
from inmet_platform_tests.embedded import EmbeddedCloud

TO_CLEAN = ["raw_s3_file", "snowflake_raw", "snowflake_clean"]

Files: TypeAlias = list[tuple[str, bytes]]


class Loaded(Chain):
    """A chain that has run, with the answers of its checks."""

    def load(self, files: Files) -> dg.ExecuteInProcessResult:
        for name, data in files:
            self.put(name, data)
        result = self.run(TO_CLEAN)
        self.checks = {item.check_name: item for item in result.get_asset_check_evaluations()}
        return result


@pytest.fixture(scope="session")
def load(
    embedded_cloud: EmbeddedCloud, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Files], Loaded]:
    """Makes a tenant and loads files into it, in one run."""

    def loaded(files: Files) -> Loaded:
        home: Path = tmp_path_factory.mktemp("views")
        chain = Loaded(embedded_cloud.tenant(home), home)
        chain.load(files)
        return chain

    return loaded
