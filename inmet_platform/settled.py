"""Whether there is anything to do: the state that the last run of the chain left, and that of now.

`inmet run` with files that are known, and nothing else pending, has nothing to bring through:
it says so and shows what the last run made, without the seconds that a run of Dagster costs.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inmet_platform.bucket import Bucket
from inmet_platform.settings import Settings
from inmet_platform.status import FileState
from inmet_platform.warehouse import Session, open_session

if TYPE_CHECKING:
    from inmet_platform.main_job import Outcome

_PENDING = {FileState.RECEIVED, FileState.LANDED, FileState.LOADED}


def remember(settings: Settings, outcome: Outcome) -> None:
    """Keep what a run of the whole chain made, beside the state it left."""
    with open_session(settings, tag="inmet:run") as session:
        held = {"state": _state(settings, session), "outcome": asdict(outcome)}
    _marker(settings).write_text(json.dumps(held, default=str), encoding="utf-8")


def settled_outcome(settings: Settings) -> dict[str, Any] | None:
    """The outcome of the last run, when nothing has come or changed since; else None.

    Asked are `raw/`, the ledger, CLEAN and the files for people; not the queue, whose events say
    nothing that `raw/` does not.
    """
    marker = _marker(settings)
    if not marker.exists():
        return None
    held = json.loads(marker.read_text(encoding="utf-8"))
    with open_session(settings, tag="inmet:run") as session:
        if _is_pending(settings, session) or held["state"] != _state(settings, session):
            return None
    outcome: dict[str, Any] = held["outcome"]
    return outcome


def _marker(settings: Settings) -> Path:
    return settings.state_dir / "settled.json"


def _is_pending(settings: Settings, session: Session) -> bool:
    states = {row["state"] for row in session.query("load/count_files_by_state")}
    known = {row["raw_key"] for row in session.query("load/select_known_keys")}
    listed = Bucket.from_settings(settings).list_raw()
    return bool(states & _PENDING) or any(item.key not in known for item in listed)


def _state(settings: Settings, session: Session) -> dict[str, str]:
    """What a run leaves: CLEAN's years with their last change, and the CSV as it stands."""
    csv = settings.processed_dir / "inmet_clean.csv"
    stat = csv.stat() if csv.exists() else None
    return {
        "endpoint": f"{settings.snowflake_account} {settings.snowflake_host} "
        f"{settings.snowflake_database} {settings.s3_bucket} {settings.mlflow_place()}",
        "clean": str(session.query("export/count_by_year")),
        "csv": f"{stat.st_size} {stat.st_mtime_ns}" if stat else "",
        "rejected": str(session.query("load/select_rejected_files")),
    }
