"""The stages of the chain as the assets call them, without Dagster."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

from inmet_platform.cleaning.merging import merge_loaded
from inmet_platform.config.settings import Settings
from inmet_platform.intake.intake import Intake
from inmet_platform.ledger.lease import Lease, Name
from inmet_platform.results.export import export_clean
from inmet_platform.results.result_files import ResultFiles
from inmet_platform.snowpipe.loading import load_landed
from inmet_platform.storage.bucket import Bucket
from inmet_platform.storage.events import RawEvents
from inmet_platform.warehouse.session import open_session

Stage: TypeAlias = Literal["land", "load", "merge", "export"]


def run_stages(
    settings: Settings, run_id: str, last: Stage = "export", say: Callable[[str], None] = print
) -> None:
    """Run one after the other, up to the last that is wanted."""
    bucket, files = Bucket.from_settings(settings), ResultFiles(settings.processed_dir)
    with open_session(settings, tag=run_id) as session:

        def lease(name: Name) -> Lease:
            return Lease(name, run_id, session, lambda: open_session(settings, tag=run_id))

        events = RawEvents.from_settings(settings)
        intake = Intake(bucket, events, session, lease("intake"), say)
        intake.find([], reconcile=True, force=False)
        stages: dict[Stage, Callable[[], object]] = {
            "land": intake.take_all,
            "load": lambda: load_landed(session, bucket, 60.0, say),
            "merge": lambda: merge_loaded(session, bucket, lease("clean"), say),
            "export": lambda: export_clean(session, bucket, files, say),
        }
        for name, stage in stages.items():
            stage()
            if name == last:
                return
