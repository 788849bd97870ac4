"""The sensor of `raw/`, ready to tick."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dagster as dg
import pytest

from inmet_platform.automation.raw_sensor import raw_files_sensor
from inmet_platform_tests.automation.ticking import Tick, resources
from inmet_platform_tests.chain.chain import Chain


@pytest.fixture
def tick(chain: Chain) -> Iterator[Tick]:
    with dg.DagsterInstance.ephemeral() as instance:
        known = resources(chain)

        def evaluate(cursor: str | None) -> Any:
            context = dg.build_sensor_context(instance, cursor=cursor, resources=known)
            return raw_files_sensor(context)

        yield evaluate
