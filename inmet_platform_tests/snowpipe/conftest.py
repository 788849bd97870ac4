"""The watch over the pipes of a test's own tenant."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg
import pytest

from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.snowpipe.watching import Watch


@pytest.fixture
def watch(chain: Chain) -> Iterator[Watch]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield Watch(chain.settings, instance)
