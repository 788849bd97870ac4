"""The runbook and the code say the same of every state of a pipe."""

from __future__ import annotations

import re

import pytest

from inmet_platform.errors import PipePaused, PipeStalled
from inmet_platform.snowpipe.runbook import CONDITIONS, DOCUMENT, ENTRIES, STATES, entry_of
from inmet_platform.snowpipe.waiting import stuck_error
from inmet_platform_tests.embedded import ROOT

RUNBOOK = (ROOT / DOCUMENT).read_text(encoding="utf-8")
# docs.snowflake.com: SYSTEM$PIPE_STATUS, executionState.
OF_SNOWFLAKE = [
    "RUNNING",
    "PAUSED",
    "READ_ONLY",
    "FAILING_OVER",
    "STOPPED_CLONED",
    "STOPPED_STAGE_ALTERED",
    "STOPPED_STAGE_DROPPED",
    "STOPPED_FILE_FORMAT_DROPPED",
    "STOPPED_NOTIFICATION_INTEGRATION_DROPPED",
    "STOPPED_MISSING_TABLE",
    "STOPPED_MISSING_PIPE",
    "STOPPED_BY_SNOWFLAKE_ADMIN",
    "STOPPED_FEATURE_DISABLED",
    "STALLED_STAGE_PERMISSION_ERROR",
    "STALLED_COMPILATION_ERROR",
    "STALLED_INITIALIZATION_ERROR",
    "STALLED_EXECUTION_ERROR",
    "STALLED_INTERNAL_ERROR",
]


def test_every_paragraph_has_its_anchor_once_and_no_anchor_lacks_its_paragraph() -> None:
    headings = re.findall(r"^### (.+)$", RUNBOOK, re.MULTILINE)
    assert headings == [entry.name for entry in (*STATES, *CONDITIONS)]
    assert all(entry.link.endswith(f"#{entry.name.lower()}") for entry in ENTRIES.values())


def test_every_state_of_snowflake_has_its_paragraph() -> None:
    assert [entry.name for entry in STATES] == OF_SNOWFLAKE


def test_every_setting_that_the_runbook_names_is_there() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"\b(?:SNOWFLAKE|SNOWPIPE|S3)_[A-Z_]+", RUNBOOK))
    assert named
    assert all(f"\n{name}=" in example for name in named)


@pytest.mark.parametrize("state", OF_SNOWFLAKE)
def test_a_state_stops_a_waiting_run_unless_the_pipe_goes_on(state: str) -> None:
    error = stuck_error("RAW.P", {"executionState": state, "error": "the reason"})
    if state in {"RUNNING", "FAILING_OVER"}:
        assert error is None
    else:
        assert type(error) is (PipePaused if state == "PAUSED" else PipeStalled)
        assert error.remedy.endswith(f"(docs/runbook.md#{state.lower()})")
        assert "<pipe>" not in str(error)


@pytest.mark.parametrize(
    ("state", "name"),
    [("PAUSED_BY_ACCOUNT_ADMIN", "PAUSED"), ("STALLED_BY_THE_MOON", "UNKNOWN_STATE")],
)
def test_a_state_of_another_version_of_snowflake_has_a_paragraph_too(state: str, name: str) -> None:
    assert entry_of(state).name == name
    assert stuck_error("RAW.P", {"executionState": state})
