"""The runbook: what each state of a pipe means, as `inmet_platform/snowpipe/runbook.toml` says."""

from __future__ import annotations

from inmet_platform.snowpipe.runbook import CONDITIONS, STATES

_INTRODUCTION = """\
# Runbook

<!-- Generated: `python -m docs.source`. Edit snowpipe/runbook.toml, not this file. -->

This page says what an alert about Snowpipe means and what to do. Alerts, checks and errors of the
platform show the same paragraphs, because both are made of `inmet_platform/snowpipe/runbook.toml`.

`inmet status` shows the pipes, and `inmet doctor` looks at everything. The sensor `snowpipe_watch`
looks every two minutes and shows what it finds as the check `every_pipe_goes_on` of
`snowflake_raw`. Nothing here was run on a Snowflake account: the states are those of Snowflake's
documentation."""


def runbook_page() -> str:
    """`docs/runbook.md`, whole."""
    parts = [_INTRODUCTION, "## Snowpipe: states of a pipe", *(it.paragraph() for it in STATES)]
    parts += ["## Snowpipe: what no state tells", *(it.paragraph() for it in CONDITIONS)]
    return "\n\n".join(parts) + "\n"
