"""CLEAN to files for people: Parquet by year, and one CSV, sorted by year, station and time.

The warehouse unloads a year to its stage as one Parquet file, which goes the way of any object in
S3: an answer of millions of rows would be many times slower. Only years that changed are
unloaded. The CSV before the present one is kept as a spare: the next one is made of it by writing
only what it lacks, so a further year costs the same whatever is there already. Whatever happens
in between, what stands under the final names is whole, and what a killed export left is removed by
the next.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from csv import DictWriter
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from inmet_platform.bucket import Bucket
from inmet_platform.csv_file import Piece, assemble, write_csv
from inmet_platform.manifest import (
    CLEAN_SCHEMA,
    Year,
    content_digest,
    manifest_of,
    parquet_of,
    read_manifest,
    stale_years,
    write_manifest,
)
from inmet_platform.pipeline_file import write_pipeline
from inmet_platform.result_files import ResultFiles
from inmet_platform.spare import keep_as_spare, take_spare
from inmet_platform.warehouse import Row, Session

# Of the conversions in this process.
MEMORY_LIMIT = "1GB"

# What is older on the stage belongs to an export that died: a year takes seconds, at most minutes.
LONGEST_UNLOAD = timedelta(hours=1)

STATION_COLUMNS = (
    *("station_id", "station_name", "uf", "region"),
    *("latitude_deg", "longitude_deg", "altitude_m", "founded_on"),
    *("valid_from", "valid_to", "is_current"),
)

_SCRATCH = ".export-"

_DUCKDB_TYPES = {
    pa.string(): "VARCHAR",
    pa.timestamp("us"): "TIMESTAMP",
    pa.float64(): "DOUBLE",
    pa.int64(): "BIGINT",
}


@dataclass(frozen=True)
class Export:
    """What is written: rows, stations, bytes of the CSV, and a digest of the content."""

    rows: int
    stations: int
    size_bytes: int
    sha256: str
    years_written: list[int]


def export_clean(session: Session, bucket: Bucket, csv: Path, say: Callable[[str], None]) -> Export:
    """Bring the files up to date with CLEAN.

    Columns: station_id, observed_at (end of the hour, UTC), 17 variables with their unit, 17
    flags, qc_tests. An empty field is a missing value. Fonte: INMET.

    Args:
        session: where CLEAN is.
        bucket: where the warehouse unloads to.
        csv: the CSV; the Parquet files go to the folder of its name, `<year>.parquet`.
        say: told of every year that is written.
    """
    csv.parent.mkdir(parents=True, exist_ok=True)
    folder = csv.with_suffix("")
    folder.mkdir(exist_ok=True)
    with _scratch_alone(folder) as scratch:
        bucket.delete_unloaded(datetime.now(UTC) - LONGEST_UNLOAD)
        before = read_manifest(csv)
        present = session.query("export/count_by_year")
        if before and not present:
            # A warehouse that was forgotten, or is another: what people have is not taken away.
            say("CLEAN is empty: the files of before stay")
            return _as_before(session, csv, before)
        fresh = {}
        for row in stale_years(csv, present):
            fresh[row["of_year"]] = _write_year(session, bucket, row, scratch)
            say(f"{row['of_year']}: {row['row_count']:,} hours")
        years = _publish(csv, scratch, present, before, fresh)
        write_stations(session, ResultFiles(csv.parent).stations_csv)
        write_pipeline(session, ResultFiles(csv.parent).pipeline_json)
    return _export_of(session, csv, years, sorted(fresh))


def _as_before(session: Session, csv: Path, before: dict[int, Year]) -> Export:
    return _export_of(session, csv, [before[year] for year in sorted(before)], [])


def _export_of(session: Session, csv: Path, years: list[Year], written: list[int]) -> Export:
    return Export(
        rows=sum(year.rows for year in years),
        stations=session.query("export/count_stations")[0]["station_count"],
        size_bytes=csv.stat().st_size,
        sha256=content_digest(years),
        years_written=written,
    )


def write_stations(session: Session, path: Path) -> None:
    """Every version of every station as CSV: `CLEAN.STATIONS`, an empty field where unknown."""
    rows = session.query("export/select_stations")
    scratch = path.with_suffix(".new")
    with scratch.open("w", encoding="utf-8", newline="") as stream:
        writer = DictWriter(stream, STATION_COLUMNS, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({**row, "is_current": "true" if row["is_current"] else "false"})
    scratch.replace(path)


@contextmanager
def _scratch_alone(folder: Path) -> Iterator[Path]:
    """A scratch folder beside `folder`; two exports wait for each other.

    The lock ends with its process, however that ends: what lies there under it is a dead one's.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        for left in folder.parent.glob(f"{_SCRATCH}*"):
            shutil.rmtree(left)
        with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=folder.parent) as scratch:
            yield Path(scratch)
    finally:
        os.close(handle)


def _write_year(session: Session, bucket: Bucket, row: Row, scratch: Path) -> Year:
    """Unload a year and lay out its two files in `scratch`."""
    year = row["of_year"]
    name = f"{uuid.uuid4().hex}/{year}.parquet"
    session.execute(
        "export/unload_year",
        target=f"@RAW.EXPORT/{name}",
        from_hour=f"{year}-01-01 00:00:00",
        until_hour=f"{year + 1}-01-01 00:00:00",
        is_synthetic=row["is_synthetic"],
    )
    unloaded, parquet = scratch / "unloaded", scratch / f"{year}.parquet"
    key = bucket.export_prefix + name
    bucket.download(key, unloaded)
    bucket.delete(key)
    with duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
        connection.execute(f"SET temp_directory = '{scratch / 'spill'}'")
        _to_clean_schema(connection, unloaded, parquet)
        csv_bytes = write_csv(connection, parquet, scratch / f"{year}.csv")
    with parquet.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    rows = pq.read_metadata(parquet).num_rows
    return Year(year, rows, str(row["merged_at"]), digest, 0, csv_bytes)


def _to_clean_schema(connection: duckdb.DuckDBPyConnection, unloaded: Path, parquet: Path) -> None:
    """The file as it is when its types are ours; Snowflake's numbers are decimals."""
    found = [(field.name, field.type) for field in pq.read_schema(unloaded)]
    if found == [(field.name, field.type) for field in CLEAN_SCHEMA]:
        unloaded.rename(parquet)
        return
    columns = ", ".join(
        f'"{field.name}"::{_DUCKDB_TYPES[field.type]} AS "{field.name}"' for field in CLEAN_SCHEMA
    )
    connection.execute(
        f"COPY (SELECT {columns} FROM read_parquet('{unloaded}')) "  # noqa: S608 - our own names
        f"TO '{parquet}' (FORMAT parquet, COMPRESSION zstd)"
    )
    unloaded.unlink()


def _publish(
    csv: Path, scratch: Path, present: list[Row], before: dict[int, Year], fresh: dict[int, Year]
) -> list[Year]:
    """Put the new files in place of the old ones; the manifest, which tells of them, last."""
    wanted = [row["of_year"] for row in present]
    if not fresh and wanted == sorted(before) and csv.exists():
        return [before[year] for year in wanted]
    pieces = [
        Piece(scratch / f"{year}.csv", 0, fresh[year].csv_bytes, fresh[year].sha256)
        if year in fresh
        else Piece(csv, before[year].csv_offset, before[year].csv_bytes, before[year].sha256)
        for year in wanted
    ]
    whole = scratch / "whole.csv"
    offsets = assemble(whole, CLEAN_SCHEMA.names, pieces, kept=take_spare(csv, whole))
    if before:
        keep_as_spare(csv)
    manifest_of(csv).unlink(missing_ok=True)
    for year in fresh:
        (scratch / f"{year}.parquet").replace(parquet_of(csv, year))
    for year in set(before) - set(wanted):
        parquet_of(csv, year).unlink(missing_ok=True)
    whole.replace(csv)
    years = [
        Year(**{**asdict({**before, **fresh}[year]), "csv_offset": offset})
        for year, offset in zip(wanted, offsets, strict=True)
    ]
    write_manifest(csv, years)
    return years
