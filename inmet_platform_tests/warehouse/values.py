"""A value for each name that a statement binds, of the kind that the code binds."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from inmet_platform.warehouse.timestamps import utc_now

UNKNOWN = object()

NOW, LATER = datetime(2024, 1, 1), datetime(2025, 1, 1)  # noqa: DTZ001 - TIMESTAMP_NTZ
VALUES: dict[str, Any] = {
    **dict.fromkeys(("now", "received_at", "edition_at", "first_hour", "from_hour"), NOW),
    **dict.fromkeys(("looks_back_to", "years_from", "as_of"), NOW),
    **dict.fromkeys(("until_hour", "last_hour", "looks_ahead_to", "years_until"), LATER),
    **dict.fromkeys(("station_count", "member_count", "rejected_member_count", "row_count"), 1),
    **dict.fromkeys(("observation_count", "size_bytes", "line_number"), 1),
    **dict.fromkeys(("north", "south", "east", "west", "degrees"), 0.5),
    **dict.fromkeys(("holder", "raw_key", "landing_key", "upload_id", "sha256", "name"), "x"),
    "etag": "x",
    **dict.fromkeys(("message", "expected", "found", "error", "source_member"), "it's %"),
    **{"file_name": "a.parquet", "file_format": "portal", "state": "landed"},
    **{"reader_version": "01-", "table_name": "RAW.OBSERVATIONS"},
    "start_time": str(utc_now() - timedelta(days=13)),
    **{"pipe_name": "RAW.OBSERVATIONS_PIPE", "target": "@RAW.EXPORT/x.parquet"},
    **{
        "is_synthetic": False,
        "station_ids": ["A001"],
        "landing_keys": ["x", "y"],
        "raw_keys": ["x", "y"],
    },
    **{"lease_name": "clean", "milliseconds": 1000, "of_year": 2024, "rules": "x"},
    **dict.fromkeys(("observed_at", "valid_at", "made_at"), NOW),
    **{f"probability_over_{limit}_mm": 0.25 for limit in (0, 5, 25)},
    **dict.fromkeys(("limits", "agreement", "steps", "stuck", "sun"), 1),
    "first_key": "raw/2024",
    **{"statement_name": "ddl/x", "digest": "x", "applied_at": NOW},
    **{"station_id": "A001", "says_rain": True, "model_version": "1"},
}


def values_of(text: str) -> dict[str, Any]:
    """The values of a statement's names; `UNKNOWN` for one that is not in VALUES."""
    return {name: VALUES.get(name, UNKNOWN) for name in re.findall(r"%\((\w+)\)s", text)}
