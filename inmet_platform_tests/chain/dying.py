"""A run of the chain, without Dagster, that kills itself at a given point of its work."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from inmet_platform.cleaning.merging import merge_loaded
from inmet_platform.config.settings import Settings, load_settings
from inmet_platform.intake.intake import Intake
from inmet_platform.results import export
from inmet_platform.results.export import export_clean
from inmet_platform.results.result_files import ResultFiles
from inmet_platform.snowpipe.loading import load_landed
from inmet_platform.storage.bucket import Bucket
from inmet_platform.storage.events import RawEvents
from inmet_platform.warehouse.session import Session, open_session

# "before" or "after" a statement of `sql/`, or a function of the platform.
POINTS = [
    ("after", "load/claim_files"),
    ("after", "put_landing"),
    ("after", "load/insert_landing_file"),
    ("before", "load/record_file"),
    ("after", "load/record_file"),
    ("before", "load/mark_file_loaded"),
    ("before", "clean/merge_observations"),
    ("before", "clean/merge_series_flags"),
    ("before", "clean/mark_files_clean"),
    ("before", "export/unload_year"),
    ("after", "export/unload_year"),
    ("after", "assemble"),
    # Between the second name of the CSV and that of its manifest, and after both.
    ("after", "link"),
    ("after", "keep_as_spare"),
]


def run_until(home: Path, when: str, what: str) -> None:
    """The stages as the assets call them, until `kill -9`."""
    for owner, method in [
        *[(Session, name) for name in ("execute", "execute_many", "query")],
        (Bucket, "put_landing"),
        (export, "assemble"),
        (os, "link"),
        (export, "keep_as_spare"),
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


def run_stages(settings: Settings, run_id: str) -> None:
    bucket, files = Bucket.from_settings(settings), ResultFiles(settings.processed_dir)
    with open_session(settings, tag=run_id) as session:
        intake = Intake(bucket, RawEvents.from_settings(settings), session, run_id, print)
        intake.find([], reconcile=True, force=False)
        intake.take_all()
        load_landed(session, bucket, 60.0, print)
        merge_loaded(session, bucket, run_id, print)
        export_clean(session, bucket, files, print)
