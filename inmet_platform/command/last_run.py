"""Whether `inmet run` has anything to do; what the last run made, when it has nothing to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from inmet_platform.config.settings import Settings
from inmet_platform.ledger.status import PENDING
from inmet_platform.results.manifest import content_digest, is_current, read_manifest
from inmet_platform.results.result_files import ResultFiles, write_json
from inmet_platform.storage.events import RawEvents
from inmet_platform.warehouse.session import Session, open_session

# What a run of the chain made: the metadata of each asset, by the asset's name.
Made = dict[str, dict[str, Any]]


def remember(settings: Settings, made: Made) -> None:
    """Keep what a run of the whole chain made, for the next `inmet run` without a new file."""
    write_json(_file(settings), made)


def nothing_new(settings: Settings) -> Made | None:
    """What the last run made, when a further run would make the same; None when in doubt.

    No event of a new object waits, no file of the ledger is on its way, the exported files hold
    CLEAN as it is, and the last complete run, which also made the model, wrote these files.
    """
    try:
        made: Made = json.loads(_file(settings).read_text(encoding="utf-8"))
        exported = made["inmet_clean_csv"]["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    files = ResultFiles(settings.processed_dir)
    if exported != content_digest(read_manifest(files).values()):
        return None
    if RawEvents.from_settings(settings).depth().waiting:
        return None
    with open_session(settings, tag="inmet:run") as session:
        states = {row["state"] for row in session.query("load/count_files_by_state")}
        if states & PENDING or not is_current(files, session.query("export/count_by_year")):
            return None
        return {**made, **_counts_of_now(made, session)}


def _file(settings: Settings) -> Path:
    return settings.state_dir / "last_run.json"


def _counts_of_now(made: Made, session: Session) -> Made:
    """The rows that RAW and CLEAN have now, of which none is new."""
    now = {}
    for asset, query, new in [
        ("snowflake_raw", "load/count_raw_observations", "rows_loaded"),
        ("snowflake_clean", "clean/count_observations", "rows_merged"),
    ]:
        [found] = session.query(query)
        counts = {"dagster/row_count": found["row_count"], "stations": found["station_count"]}
        now[asset] = {**made.get(asset, {}), **counts, new: 0}
    return now
