"""Tenants that many tests ask: each is loaded once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

import dagster as dg
import pytest

from inmet_platform_tests.chain.chain import Chain, checks_of
from inmet_platform_tests.embedded import EmbeddedCloud

Files: TypeAlias = list[tuple[str, bytes]]


class Loaded(Chain):
    """A chain that has brought its files to CLEAN, with the answers of CLEAN's checks."""

    def load(self, files: Files) -> None:
        for name, data in files:
            self.put(name, data)
        self.bring("merge")

    @cached_property
    def checks(self) -> dict[str, dg.AssetCheckEvaluation]:
        return checks_of(self.run(["snowflake_clean"]))


@pytest.fixture(scope="session")
def load(
    embedded_cloud: EmbeddedCloud, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Files], Loaded]:
    """Makes a tenant and loads files into it, all at once."""

    def loaded(files: Files) -> Loaded:
        home: Path = tmp_path_factory.mktemp("views")
        chain = Loaded(embedded_cloud.loaders_tenant(home), home)
        chain.load(files)
        return chain

    return loaded
