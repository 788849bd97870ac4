"""A run of the chain, without Dagster, that kills itself at a given point of its work."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import snowflake.connector  # noqa: F401 - once, in the process that all that die are forked from

from inmet_platform.config.settings import load_settings
from inmet_platform.results import export
from inmet_platform.storage.bucket import Bucket
from inmet_platform.warehouse.session import Session
from inmet_platform_tests.chain.stages import run_stages

# "before" or "after" a statement of `sql/`, or a function of the platform.
POINTS = [
    ("after", "lease/take"),
    ("after", "put_landing"),
    ("after", "load/insert_landing_files"),
    ("before", "load/record_files"),
    ("after", "load/record_files"),
    ("before", "load/mark_files_loaded"),
    ("before", "clean/merge_observations"),
    ("before", "clean/judge_series"),
    ("before", "clean/mark_files_clean"),
    ("before", "export/unload_year"),
    ("after", "export/unload_year"),
    ("after", "assemble"),
    # A Parquet is the new one, the CSV is not; both are, and the manifest tells of neither.
    ("after", "replace"),
    ("before", "write_manifest"),
]


def run_until(home: Path, when: str, what: str) -> None:
    """The stages as the assets call them, until `kill -9`."""
    for owner, method in [
        *[(Session, name) for name in ("execute", "execute_many", "query")],
        (Bucket, "put_landing"),
        (export, "assemble"),
        (Path, "replace"),
        (export, "write_manifest"),
    ]:
        setattr(owner, method, _dying(getattr(owner, method), when, what))
    run_stages(load_settings(home), run_id=f"dies {when} {what}")


def _dying(call: Callable[..., Any], when: str, what: str) -> Callable[..., Any]:
    def wrapped(*arguments: Any, **values: Any) -> Any:
        is_the_point = what in (call.__name__, *arguments[1:2])
        if is_the_point and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = call(*arguments, **values)
        if is_the_point:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return wrapped
