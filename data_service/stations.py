"""The stations of the exported files."""

from __future__ import annotations

from datetime import UTC
from functools import lru_cache
from pathlib import Path

import duckdb

from data_service.schemas import Station
from inmet_platform.errors import ExportError
from inmet_platform.export import MEMORY_LIMIT
from inmet_platform.extract import exported_files

_STATIONS = """
    SELECT station_id, MIN(observed_at), MAX(observed_at), COUNT(*)
    FROM read_parquet($files) GROUP BY station_id ORDER BY station_id
"""

# A file as it is now: an export replaces files as a whole, so these change with the content.
Version = tuple[str, int, int]


def read_stations(folder: Path) -> list[Station]:
    """Every station, by code; files that have not changed are not read again.

    Args:
        folder: holds `<year>.parquet`.

    Raises:
        ExportError: nothing is exported yet, or an export is just replacing a file.
    """
    try:
        return _read(tuple(_version(path) for path in exported_files(folder).values()))
    except (FileNotFoundError, duckdb.IOException) as error:
        raise ExportError(
            "The exported files are just being replaced.", remedy="Ask again."
        ) from error


def _version(path: Path) -> Version:
    found = path.stat()
    return str(path), found.st_mtime_ns, found.st_ino


@lru_cache(maxsize=1)
def _read(versions: tuple[Version, ...]) -> list[Station]:
    with duckdb.connect(config={"memory_limit": MEMORY_LIMIT}) as connection:
        rows = connection.execute(_STATIONS, {"files": [name for name, _, _ in versions]})
        return [
            Station(
                station_id=code,
                first_hour=first.replace(tzinfo=UTC),
                last_hour=last.replace(tzinfo=UTC),
                hours=hours,
            )
            for code, first, last, hours in rows.fetchall()
        ]
