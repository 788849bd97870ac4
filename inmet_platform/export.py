"""CLEAN to one CSV for people: sorted by station and time, in bounded memory, atomically.

The warehouse is asked for some stations at a time: the embedded endpoint answers a query in
one piece, and a slice keeps that piece, and the process, small.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from inmet_platform.inmet.schema import VARIABLE_NAMES
from inmet_platform.warehouse import Session

# About 60 MB as Arrow; a station-year is 8,760 rows.
SLICE_ROWS = 300_000

CSV_SCHEMA = pa.schema(
    [
        pa.field("station_id", pa.string()),
        pa.field("observed_at", pa.string()),
        *(pa.field(name, pa.float64()) for name in VARIABLE_NAMES),
    ]
)


@dataclass(frozen=True)
class Export:
    """A written file: rows, stations, bytes, and the sha256 of its content."""

    rows: int
    stations: int
    size_bytes: int
    sha256: str


def export_csv(session: Session, target: Path) -> Export:
    """Write every clean observation to `target`, replacing it only when all is written.

    Columns: station_id, observed_at (`2020-01-01T00:00:00Z`, end of the hour), then the 17
    variables with their unit; an empty field is a missing value. Fonte: INMET.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = target.with_name(f".{target.name}.{os.getpid()}")
    rows = 0
    counts = session.query("export/count_by_station")
    try:
        with (
            scratch.open("wb") as stream,
            pa_csv.CSVWriter(
                stream,
                CSV_SCHEMA,
                write_options=pa_csv.WriteOptions(quoting_style="none", quoting_header="none"),
            ) as writer,
        ):
            for first, last in _slices([(row["station_id"], row["row_count"]) for row in counts]):
                for table in session.arrow_tables(
                    "export/select_observations", first_station=first, last_station=last
                ):
                    writer.write_table(_for_people(table))
                    rows += table.num_rows
        with scratch.open("rb") as written:
            digest = hashlib.file_digest(written, "sha256").hexdigest()
        size_bytes = scratch.stat().st_size
        scratch.replace(target)
    finally:
        scratch.unlink(missing_ok=True)
    return Export(rows, len(counts), size_bytes, digest)


def _slices(counts: list[tuple[str, int]]) -> Iterator[tuple[str, str]]:
    """Neighbouring stations, as first and last, of at most `SLICE_ROWS` rows together."""
    first, last, rows = "", "", 0
    for station, count in counts:
        if first and rows + count > SLICE_ROWS:
            yield first, last
            first, rows = "", 0
        first, last, rows = first or station, station, rows + count
    if first:
        yield first, last


def _for_people(table: pa.Table) -> pa.Table:
    times = pc.strftime(table["observed_at"].cast(pa.timestamp("s")), "%Y-%m-%dT%H:%M:%SZ")
    table = table.set_column(1, "observed_at", times)
    return table.select(CSV_SCHEMA.names).cast(CSV_SCHEMA)
