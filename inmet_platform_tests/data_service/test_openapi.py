"""Both services against their own OpenAPI: whatever is asked, no 5xx, no undocumented answer."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase, strategies
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from data_service.app import create_app as create_data
from inmet_platform.config.settings import Settings
from inmet_platform_tests.data_service.made import weather, write
from inmet_platform_tests.embedded import write_home
from upload_service.app import create_app as create_upload

CHECKS = [
    *(not_a_server_error, status_code_conformance),
    *(content_type_conformance, response_schema_conformance),
]

bounded = hypothesis.settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


# The services answer to names of this machine alone.
HEADERS = {"Host": "127.0.0.1"}


def ask_all(app: Any) -> set[str]:
    """Ask every operation, with what its parameters allow and with what they do not."""
    asked = set()
    schema = schemathesis.openapi.from_asgi("/openapi.json", app, headers=HEADERS)
    for found in schema.get_all_operations():
        operation = found.ok()
        asked.add(operation.path)
        for mode in schemathesis.GenerationMode:
            _ask(operation, mode)
    return asked


def _ask(operation: Any, mode: schemathesis.GenerationMode) -> None:
    @bounded
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode), known=strategies.booleans())
    def ask(case: schemathesis.Case, known: bool) -> None:
        # Chance finds no station of those that are there.
        if known and case.query and "station" in case.query:
            case.query["station"] = "A001"
        case.call_and_validate(headers=HEADERS, checks=CHECKS)

    # Of no parameter nothing can be wrong.
    with suppress(Unsatisfiable):
        ask()


def test_the_data_service_answers_as_documented(tmp_path: Path) -> None:
    settings = write_home(tmp_path)
    write(settings, weather("A001", "2024-01-01T00", 24 * 60, seed=3, gaps=0.1))
    app = create_data(settings)
    assert len(ask_all(app)) == 21


def test_the_upload_service_answers_as_documented(storage: Settings) -> None:
    app = create_upload(storage)
    assert len(ask_all(app)) == 4
