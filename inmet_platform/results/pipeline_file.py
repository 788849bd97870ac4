"""`inmet_pipeline.json`: how far the files are in the chain at the time of an export.

The data service reads it, because it may not ask the warehouse.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from inmet_platform.results.result_files import write_json
from inmet_platform.snowpipe.watch import PipeView, view_pipes
from inmet_platform.warehouse.session import Row, Session


def write_pipeline(session: Session, path: Path) -> None:
    """Replace the file as a whole.

    Holds `written_at`, `files` (by state), `layers` [{layer, rows, detail}], `rejected` (the newest
    50: {file, message, at}) and `pipes` [{name, state, pending, last_ingested, lag_s}]. Times are
    UTC.

    Args:
        session: where RAW and CLEAN are.
        path: of the file.
    """
    states = session.query("load/count_files_by_state")
    held = {
        "source": "INMET, Instituto Nacional de Meteorologia",
        "written_at": _utc(datetime.now(UTC)),
        "files": {row["state"]: row["file_count"] for row in states},
        "layers": _layers(session, states),
        "rejected": [
            {
                "file": " / ".join(filter(None, (row["raw_key"], row["source_member"]))),
                "message": row["message"],
                "at": _utc(row["rejected_at"]),
            }
            for row in session.query("export/select_newest_rejected_files")
        ],
        "pipes": [_pipe(view) for view in view_pipes(session)],
    }
    write_json(path, held)


def _layers(session: Session, states: list[Row]) -> list[dict[str, Any]]:
    [raw] = session.query("load/count_raw_observations")
    [clean] = session.query("clean/count_observations")
    return [
        {
            "layer": "arquivos",
            "rows": sum(row["file_count"] for row in states),
            "detail": ", ".join(f"{row['state']}: {row['file_count']}" for row in states),
        },
        {
            "layer": "RAW",
            "rows": raw["row_count"],
            "detail": f"{raw['station_count']} estação(ões)",
        },
        {
            "layer": "CLEAN",
            "rows": clean["row_count"],
            "detail": f"{clean['first_hour']} a {clean['last_hour']} UTC"
            if clean["row_count"]
            else "",
        },
    ]


def _pipe(view: PipeView) -> dict[str, Any]:
    ingested = view.moment("lastIngestedTimestamp")
    return {
        "name": view.pipe,
        "state": view.state,
        "pending": view.pending,
        "last_ingested": _utc(ingested) if ingested else None,
        "lag_s": view.lag_s(),
    }


def _utc(moment: datetime) -> str:
    """The warehouse's times have no zone and are UTC."""
    return moment.replace(tzinfo=UTC).isoformat(timespec="seconds")
