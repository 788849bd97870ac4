"""Writes CLEAN to files: one Parquet file for each year, and one CSV of all years.

The warehouse unloads a year to its stage as one Parquet file, which is then downloaded from S3:
fetching millions of rows as a query result would be many times slower. Only years that changed are
unloaded; the other years of the CSV are copied from the present one, within the kernel. Whatever
happens in between, the files under the final names are whole, and the next export removes what a
killed one left.
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
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq

from inmet_platform.results.csv_file import Piece, assemble
from inmet_platform.results.manifest import (
    CLEAN_SCHEMA,
    Year,
    content_digest,
    read_manifest,
    stale_years,
    write_manifest,
)
from inmet_platform.results.pipeline_file import write_pipeline
from inmet_platform.results.result_files import ResultFiles
from inmet_platform.results.year_files import write_year
from inmet_platform.storage.bucket import Bucket
from inmet_platform.warehouse.session import Row, Session

# An older file on the stage is left over from an export that died: a year takes minutes at most.
LONGEST_UNLOAD = timedelta(hours=1)

STATION_COLUMNS = (
    *("station_id", "station_name", "uf", "region"),
    *("latitude_deg", "longitude_deg", "altitude_m", "founded_on"),
    *("valid_from", "valid_to", "is_current"),
)

_SCRATCH = ".export-"


@dataclass(frozen=True)
class Export:
    """What is written: rows, stations, bytes of the CSV, and a digest of the content."""

    rows: int
    stations: int
    size_bytes: int
    sha256: str
    years_written: list[int]


def export_clean(
    session: Session, bucket: Bucket, files: ResultFiles, say: Callable[[str], None]
) -> Export:
    """Bring the files up to date with CLEAN.

    Columns: station_id, observed_at (end of the hour, UTC), 17 variables with their unit, 17
    flags, qc_tests. An empty field is a missing value. Fonte: INMET.

    Args:
        session: where CLEAN is.
        bucket: where the warehouse unloads to.
        files: where to write them.
        say: is called with a sentence for every year that is written.
    """
    files.clean_folder.mkdir(parents=True, exist_ok=True)
    with _scratch_alone(files.clean_folder, say) as scratch:
        bucket.delete_unloaded(datetime.now(UTC) - LONGEST_UNLOAD)
        before = read_manifest(files)
        present = session.query("export/count_by_year")
        if before and not present:
            # The warehouse is new or another one. Files that people have are not taken away.
            say("CLEAN is empty: the files of before stay")
            return _export_of(session, files, [before[year] for year in sorted(before)], [])
        fresh = {}
        for row in stale_years(files, present):
            fresh[row["of_year"]] = _write_year(session, bucket, row, scratch)
            say(f"{row['of_year']}: {row['row_count']:,} hours")
        years = _publish(files, scratch, present, before, fresh)
        write_stations(session, files.stations_csv)
        write_pipeline(session, files.pipeline_json)
    return _export_of(session, files, years, sorted(fresh))


def _export_of(
    session: Session, files: ResultFiles, years: list[Year], written: list[int]
) -> Export:
    return Export(
        rows=sum(year.rows for year in years),
        stations=session.query("export/count_stations")[0]["station_count"],
        size_bytes=files.clean_csv.stat().st_size,
        sha256=content_digest(years),
        years_written=written,
    )


def write_stations(session: Session, path: Path) -> None:
    """Write every version of every station (`CLEAN.STATIONS`) as CSV; unknown is an empty field."""
    rows = session.query("export/select_stations")
    scratch = path.with_suffix(".new")
    with scratch.open("w", encoding="utf-8", newline="") as stream:
        writer = DictWriter(stream, STATION_COLUMNS, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({**row, "is_current": "true" if row["is_current"] else "false"})
    scratch.replace(path)


@contextmanager
def _scratch_alone(folder: Path, say: Callable[[str], None]) -> Iterator[Path]:
    """A scratch folder beside `folder`; only one export at a time has it.

    The lock ends with its process, even after a kill, so whatever lies there is left over from a
    dead export.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another run is at work (export); waiting until it is done")
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
    csv_bytes = write_year(unloaded, parquet, scratch / f"{year}.csv")
    unloaded.unlink()
    with parquet.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    rows = pq.read_metadata(parquet).num_rows
    return Year(year, rows, str(row["merged_at"]), digest, 0, csv_bytes)


def _publish(
    files: ResultFiles,
    scratch: Path,
    present: list[Row],
    before: dict[int, Year],
    fresh: dict[int, Year],
) -> list[Year]:
    """Replace the old files by the new ones, and last the manifest."""
    csv, wanted = files.clean_csv, [row["of_year"] for row in present]
    if not fresh and wanted == sorted(before) and csv.exists():
        return [before[year] for year in wanted]
    pieces = [
        Piece(scratch / f"{year}.csv", 0, fresh[year].csv_bytes)
        if year in fresh
        else Piece(csv, before[year].csv_offset, before[year].csv_bytes)
        for year in wanted
    ]
    whole = scratch / "whole.csv"
    offsets = assemble(whole, CLEAN_SCHEMA.names, pieces)
    files.export_json.unlink(missing_ok=True)
    for year in fresh:
        (scratch / f"{year}.parquet").replace(files.parquet(year))
    for year in set(before) - set(wanted):
        files.parquet(year).unlink(missing_ok=True)
    whole.replace(csv)
    written = {**before, **fresh}
    years = [
        replace(written[year], csv_offset=offset)
        for year, offset in zip(wanted, offsets, strict=True)
    ]
    write_manifest(files, years)
    return years
