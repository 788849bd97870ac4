"""Whether there is anything to do: what the last run of the chain made, and whether it still holds.

`inmet run` with files that are known, and nothing else pending, has nothing to bring through:
it says so and shows what the last run made, without the seconds that a run of Dagster costs.
In doubt, whatever the doubt, the chain runs.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inmet_platform.bucket import Bucket
from inmet_platform.inmet.rain_classes import RAIN_CLASSES_VERSION
from inmet_platform.manifest import CLEAN_SCHEMA, content_digest, read_manifest, stale_years
from inmet_platform.model.recipe import RECIPE_VERSION
from inmet_platform.registered import is_registered
from inmet_platform.result_files import ResultFiles
from inmet_platform.settings import Settings
from inmet_platform.status import FileState
from inmet_platform.warehouse import Session, open_session

if TYPE_CHECKING:
    from inmet_platform.main_job import Outcome

_PENDING = {FileState.RECEIVED, FileState.LANDED, FileState.LOADED}


def forget(settings: Settings) -> None:
    """Before a run of the chain: one that ends half way leaves nothing settled."""
    _marker(settings).unlink(missing_ok=True)


def remember(settings: Settings, outcome: Outcome) -> None:
    """Keep what a run of the whole chain made, if the files for people are those that it wrote.

    Never raises: what is lost is the time that the next run would have spared.
    """
    with suppress(Exception):
        made = _digest_made(asdict(outcome))
        if made != content_digest(read_manifest(_csv(settings)).values()):
            return  # another run has exported since, and its model is not this one's
        with open_session(settings, tag="inmet:run") as session:
            held = {"state": _state(settings, session), "outcome": asdict(outcome)}
        marker = _marker(settings)
        scratch = marker.with_suffix(".json.new")
        scratch.write_text(json.dumps(held, default=str), encoding="utf-8")
        scratch.replace(marker)


def settled_outcome(settings: Settings) -> dict[str, Any] | None:
    """The outcome of the last run, with the counts of now, when all that it made still holds.

    Asked are `raw/`, the ledger, CLEAN, the files for people and the registered model; not the
    queue, whose events say nothing that `raw/` does not.
    """
    try:
        held = json.loads(_marker(settings).read_text(encoding="utf-8"))
        state, outcome = held["state"], held["outcome"]
        made = _digest_made(outcome)
        version_made = outcome["metadata"]["trained_model"].get("model_version")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    if made != content_digest(read_manifest(_csv(settings)).values()):
        return None
    with open_session(settings, tag="inmet:run") as session:
        if (
            state != _state(settings, session)
            or not _files_hold_clean(settings, session)
            or not _all_files_are_there(settings, outcome)
            or _is_pending(settings, session)
            or (version_made and not is_registered(settings, version_made))
        ):
            return None
        return _with_counts_of_now(outcome, session)


def _marker(settings: Settings) -> Path:
    return settings.state_dir / "settled.json"


def _csv(settings: Settings) -> Path:
    return settings.processed_dir / "inmet_clean.csv"


def _digest_made(outcome: dict[str, Any]) -> str:
    return str(outcome["metadata"]["inmet_clean_csv"]["sha256"])


def _state(settings: Settings, session: Session) -> dict[str, Any]:
    """What else a run depends on: the settings, the code, and what was refused.

    The settings, secrets masked, as a digest only: an address may hold a password. The model's
    store is a secret as a whole, so its place is named beside them.
    """
    told = settings.model_dump_json() + settings.mlflow_place()
    return {
        "settings": hashlib.sha256(told.encode()).hexdigest(),
        "platform": version("inmet-platform"),
        "columns": CLEAN_SCHEMA.names,
        "rain_classes": RAIN_CLASSES_VERSION,
        "recipe": RECIPE_VERSION,
        "rejected": str(session.query("load/select_rejected_files")),
    }


def _files_hold_clean(settings: Settings, session: Session) -> bool:
    """Whether the files have the years of CLEAN, no other, each as it is now."""
    csv, present = _csv(settings), session.query("export/count_by_year")
    same_years = sorted(read_manifest(csv)) == [row["of_year"] for row in present]
    return same_years and not stale_years(csv, present)


def _all_files_are_there(settings: Settings, outcome: dict[str, Any]) -> bool:
    files = ResultFiles(settings.processed_dir)
    made = [files.stations_csv, files.pipeline_json]
    if outcome["metadata"]["trained_model"].get("model_version"):
        made += [files.model_json, files.forecast_parquet]
    return all(path.exists() for path in made)


def _is_pending(settings: Settings, session: Session) -> bool:
    states = {row["state"] for row in session.query("load/count_files_by_state")}
    known = {row["raw_key"] for row in session.query("load/select_known_keys")}
    listed = Bucket.from_settings(settings).list_raw()
    return bool(states & _PENDING) or any(item.key not in known for item in listed)


def _with_counts_of_now(outcome: dict[str, Any], session: Session) -> dict[str, Any]:
    """RAW may have grown by what changed nothing in CLEAN; of either nothing is new."""
    metadata = outcome["metadata"]
    for asset, query, new in [
        ("snowflake_raw", "load/count_raw_observations", "rows_loaded"),
        ("snowflake_clean", "clean/count_observations", "rows_merged"),
    ]:
        [found] = session.query(query)
        counts = {"dagster/row_count": found["row_count"], "stations": found["station_count"]}
        metadata[asset] = {**metadata[asset], **counts, new: 0}
    return outcome
