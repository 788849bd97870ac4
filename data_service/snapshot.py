"""The exported files as they are now, and DuckDB over them.

An export replaces files as a whole, so their times and numbers change with the content. A snapshot
belongs to one such state; with the next state comes a new one, and nothing of the old is asked.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from inmet_platform.results.extract import exported_files, require_whole
from inmet_platform.results.result_files import ResultFiles

MEMORY_LIMIT = "512MB"
THREADS = 2

_HELD = """
    SELECT station_id, MIN(observed_at), MAX(observed_at), COUNT(*)
    FROM read_parquet($files) GROUP BY station_id ORDER BY station_id
"""

# A file as it is: path, time of its last change, inode, bytes.
FileState = tuple[str, int, int, int]


@dataclass(frozen=True)
class Held:
    """What is there of a station: its first and last label (UTC) and the hours with a value."""

    first: datetime
    last: datetime
    hours: int


@dataclass
class Snapshot:
    """The files of one export; `held` by station."""

    files: ResultFiles
    version: str
    years: dict[int, Path]
    held: dict[str, Held]
    _database: duckdb.DuckDBPyConnection
    # What is remembered may be made of what is.
    _lock: Any = field(default_factory=threading.RLock)
    _memory: dict[str, Any] = field(default_factory=dict)

    @property
    def newest(self) -> datetime | None:
        """The newest label of the whole network, UTC."""
        return max((held.last for held in self.held.values()), default=None)

    def paths(self, first: datetime, last: datetime) -> list[str]:
        """The files that hold labels of a period, both ends included."""
        return [str(path) for year, path in self.years.items() if first.year <= year <= last.year]

    def query(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        """Rows by column name; values that the statement does not name are left out."""
        named = set(re.findall(r"\$(\w+)", sql))
        cursor = self._database.cursor()
        try:
            cursor.execute(sql, {name: value for name, value in values.items() if name in named})
            names = [column[0] for column in cursor.description or []]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        finally:
            cursor.close()

    def remember(self, name: str, make: Callable[[], Any]) -> Any:
        """What `make` gives, made once for these files."""
        with self._lock:
            if name not in self._memory:
                self._memory[name] = make()
            return self._memory[name]


class Store:
    """Gives the snapshot of a folder as it is when asked."""

    def __init__(self, files: ResultFiles) -> None:
        """Keep where the files are; nothing is read yet."""
        self.files = files
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._held: dict[FileState, dict[str, Held]] = {}

    def version(self) -> str:
        """Changes with every file that is written, added or removed."""
        return _digest(self._states())

    def snapshot(self) -> Snapshot:
        """The files as they are; only those that changed are read again.

        Raises:
            FileNotFoundError, duckdb.IOException: a file is just being replaced.
        """
        version = self.version()
        with self._lock:
            if self._snapshot is None or self._snapshot.version != version:
                self._snapshot = self._read(version)
            return self._snapshot

    def _states(self) -> list[FileState]:
        paths = [*self.files.folder.glob("*.*"), *self.files.clean_folder.glob("*.*")]
        # Large, and not read here: a CSV that is being written is no reason to forget answers.
        wanted = sorted(path for path in paths if path != self.files.clean_csv and _is_read(path))
        return [_state(path) for path in wanted]

    def _read(self, version: str) -> Snapshot:
        folder = self.files.clean_folder
        years = exported_files(folder) if any(folder.glob("[0-9]*.parquet")) else {}
        require_whole(years.values())
        database = duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "threads": THREADS})
        database.execute("SET parquet_metadata_cache = true")
        database.execute("SET temp_directory = ''")
        states = [_state(path) for path in years.values()]
        self._held = {state: self._held.get(state) or _held(database, state[0]) for state in states}
        return Snapshot(self.files, version, years, _together(self._held.values()), database)


def _is_read(path: Path) -> bool:
    return not path.name.startswith(".") and path.suffix in {".parquet", ".json", ".csv"}


def _state(path: Path) -> FileState:
    found = path.stat()
    return str(path), found.st_mtime_ns, found.st_ino, found.st_size


def _digest(states: list[FileState]) -> str:
    return hashlib.sha256(repr(states).encode()).hexdigest()[:20]


def _held(database: duckdb.DuckDBPyConnection, path: str) -> dict[str, Held]:
    rows = database.execute(_HELD, {"files": [path]}).fetchall()
    return {code: Held(first, last, hours) for code, first, last, hours in rows}


def _together(files: Iterable[dict[str, Held]]) -> dict[str, Held]:
    whole: dict[str, Held] = {}
    for held in files:
        for code, new in held.items():
            old = whole.get(code, Held(new.first, new.last, 0))
            whole[code] = Held(
                min(old.first, new.first), max(old.last, new.last), old.hours + new.hours
            )
    return dict(sorted(whole.items()))
