"""What the files for people hold: their columns, and the years as they were last written.

The manifest, `export.json` beside the Parquet files, describes one CSV. If the CSV has another
size or time, or the manifest cannot be read, the files count as unknown and are written again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pyarrow as pa

from inmet_platform.inmet.schema import FLAG_NAMES, VARIABLE_NAMES
from inmet_platform.results.result_files import ResultFiles, is_whole_parquet

if TYPE_CHECKING:
    from inmet_platform.warehouse.session import Row

CLEAN_SCHEMA = pa.schema(
    [
        pa.field("station_id", pa.string()),
        pa.field("observed_at", pa.timestamp("us")),
        *(pa.field(name, pa.float64()) for name in VARIABLE_NAMES),
        *(pa.field(name, pa.int64()) for name in FLAG_NAMES.values()),
        pa.field("qc_tests", pa.int64()),
    ]
)


@dataclass(frozen=True)
class Year:
    """A year as it was last written: what the warehouse held then, and its piece of the CSV."""

    of_year: int
    rows: int
    merged_at: str
    sha256: str
    csv_offset: int
    csv_bytes: int


def read_manifest(files: ResultFiles) -> dict[int, Year]:
    """The years as they were last written; empty when the manifest describes another CSV."""
    manifest, csv = files.export_json, files.clean_csv
    if not (manifest.exists() and csv.exists()):
        return {}
    try:
        held = json.loads(manifest.read_text(encoding="utf-8"))
        found = (csv.stat().st_size, csv.stat().st_mtime_ns, CLEAN_SCHEMA.names)
        if (held["csv_bytes"], held["csv_mtime_ns"], held["columns"]) != found:
            return {}
        return {entry["of_year"]: Year(**entry) for entry in held["years"]}
    except (ValueError, KeyError, TypeError):  # torn, or of another version
        return {}


def write_manifest(files: ResultFiles, years: list[Year]) -> None:
    """Replace the manifest as a whole."""
    manifest, csv = files.export_json, files.clean_csv
    scratch = manifest.with_suffix(".json.new")
    held = {
        "source": "INMET, Instituto Nacional de Meteorologia",
        "written_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "csv_bytes": csv.stat().st_size,
        "csv_mtime_ns": csv.stat().st_mtime_ns,
        "columns": CLEAN_SCHEMA.names,
        "years": [asdict(year) for year in years],
    }
    scratch.write_text(json.dumps(held, indent=1), encoding="utf-8")
    scratch.replace(manifest)


def stale_years(files: ResultFiles, present: Iterable[Row]) -> list[Row]:
    """The rows of `export/count_by_year` whose years must be written again.

    A year is current when its number of rows and its last change are as written, and its Parquet
    file is there, whole.
    """
    before = read_manifest(files)
    return [row for row in present if not _is_current(row, before.get(row["of_year"]), files)]


def is_current(files: ResultFiles, present: list[Row]) -> bool:
    """Whether the files hold exactly the years of `export/count_by_year`, as they are in CLEAN."""
    same_years = sorted(read_manifest(files)) == [row["of_year"] for row in present]
    return same_years and not stale_years(files, present)


def _is_current(row: Row, year: Year | None, files: ResultFiles) -> bool:
    return (
        year is not None
        and (year.rows, year.merged_at) == (row["row_count"], str(row["merged_at"]))
        and is_whole_parquet(files.parquet(year.of_year))
    )


def content_digest(years: Iterable[Year]) -> str:
    """sha256 of the content of all years, in their order."""
    return hashlib.sha256(" ".join(year.sha256 for year in years).encode()).hexdigest()
