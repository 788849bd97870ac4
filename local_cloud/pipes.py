"""Pipes and their load history, kept in the database they load into.

A row of the history commits in the same DuckDB transaction as the rows of its file: after a
`kill -9` a file is either loaded and in the history, or neither.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import duckdb
from fakesnow.instance import FakeSnow

from inmet_platform.warehouse.timestamps import utc_now
from local_cloud.database import database_names

_SCHEMA = "_fs_information_schema"

_TABLES = f"""
CREATE TABLE IF NOT EXISTS {_SCHEMA}._pipes (name VARCHAR PRIMARY KEY, definition VARCHAR);
CREATE TABLE IF NOT EXISTS {_SCHEMA}._stages (statement VARCHAR PRIMARY KEY);
CREATE TABLE IF NOT EXISTS {_SCHEMA}._pipe_history (
    pipe VARCHAR, table_schema VARCHAR, table_name VARCHAR, file_name VARCHAR,
    stage_location VARCHAR, received_at TIMESTAMP, loaded_at TIMESTAMP, row_count BIGINT,
    file_size BIGINT, status VARCHAR, first_error VARCHAR, PRIMARY KEY (pipe, file_name)
);
"""


@dataclass(frozen=True)
class Pipe:
    """A pipe: where it reads, where it writes, and how it was defined."""

    database: str
    schema: str
    name: str
    table_schema: str
    table_name: str
    bucket: str
    stage_prefix: str
    prefix: str
    include_metadata: tuple[tuple[str, str], ...]
    definition: str
    created_on: str
    paused: bool = False
    error_integration: str | None = None
    # STOPPED_STAGE_DROPPED or _ALTERED: only a pipe made anew goes on.
    stopped: str = ""

    @property
    def stage(self) -> str:
        """`SCHEMA.NAME` of the stage it reads."""
        return self.definition.partition("@")[2].partition("/")[0].split()[0].upper()

    @property
    def key(self) -> tuple[str, str]:
        """Unique in the endpoint."""
        return self.database, self.full_name

    @property
    def full_name(self) -> str:
        """`SCHEMA.NAME`, unique in its database."""
        return f"{self.schema}.{self.name}"

    def file_name(self, key: str) -> str:
        """A key as the load history names it: relative to the stage."""
        return key.removeprefix(self.stage_prefix)


@dataclass(frozen=True)
class Load:
    """One line of the history."""

    file_name: str
    received_at: datetime
    row_count: int
    file_size: int
    status: str
    first_error: str | None = None


class PipeStore:
    """The pipes of every database."""

    def __init__(self, instance: FakeSnow) -> None:
        """Read what the files hold."""
        self._instance, self._guard = instance, threading.Lock()
        self._pipes: dict[tuple[str, str], Pipe] = {}
        for database in database_names(instance):
            with self.cursor(database) as cursor:
                cursor.execute(_TABLES)
                for (text,) in cursor.execute(
                    f"SELECT definition FROM {_SCHEMA}._pipes"  # noqa: S608
                ).fetchall():
                    self._remember(_from_json(text))

    @contextmanager
    def cursor(self, database: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection of its own, in a database."""
        cursor = self._instance.duck_conn.cursor()
        try:
            cursor.execute(f'USE "{database}"')
            yield cursor
        finally:
            cursor.close()

    def keep_stage(self, database: str, statement: str) -> None:
        """Write a CREATE STAGE down: fakesnow holds stages in memory alone."""
        with self._guard, self.cursor(database) as cursor:
            cursor.execute(_TABLES)
            cursor.execute(f"INSERT OR IGNORE INTO {_SCHEMA}._stages VALUES (?)", [statement])  # noqa: S608

    def forget_stage(self, database: str, stage: str) -> None:
        """Drop what `keep_stage` wrote down of a stage."""
        with self.cursor(database) as cursor:
            cursor.execute(
                f"DELETE FROM {_SCHEMA}._stages WHERE regexp_matches(upper(statement), ?)",  # noqa: S608
                [rf"EXISTS\s+{re.escape(stage)}\s"],
            )

    def restore_stages(self) -> None:
        """Create the stages of every database again."""
        for database in database_names(self._instance):
            with self.cursor(database) as cursor:
                rows = cursor.execute(f"SELECT statement FROM {_SCHEMA}._stages").fetchall()  # noqa: S608
            with self._instance.connect(database=database) as connection:
                for (statement,) in rows:
                    connection.cursor().execute(statement)

    def all(self) -> list[Pipe]:
        """Every pipe, by name."""
        return [self._pipes[key] for key in sorted(self._pipes)]

    def find(self, database: str | None, name: str) -> Pipe | None:
        """A pipe by `NAME`, `SCHEMA.NAME` or `DB.SCHEMA.NAME`, in capitals or not."""
        parts = name.upper().replace('"', "").split(".")
        wanted = parts[0] if len(parts) == 3 else (database or "").upper()
        for pipe in self.all():
            if pipe.database == wanted and pipe.full_name.split(".")[-len(parts) :] == parts[-2:]:
                return pipe
        return None

    def put(self, pipe: Pipe) -> None:
        """Create or replace."""
        with self._guard, self.cursor(pipe.database) as cursor:
            cursor.execute(_TABLES)
            cursor.execute(
                f"INSERT OR REPLACE INTO {_SCHEMA}._pipes VALUES (?, ?)",  # noqa: S608
                [pipe.full_name, json.dumps(asdict(pipe))],
            )
        self._remember(pipe)

    def drop(self, pipe: Pipe) -> None:
        """Forget a pipe and its history, as Snowflake does."""
        with self.cursor(pipe.database) as cursor:
            cursor.execute(f"DELETE FROM {_SCHEMA}._pipes WHERE name = ?", [pipe.full_name])  # noqa: S608
            cursor.execute(f"DELETE FROM {_SCHEMA}._pipe_history WHERE pipe = ?", [pipe.full_name])  # noqa: S608
        del self._pipes[pipe.key]

    def retire(self, pipe: Pipe) -> None:
        """The history of a pipe that is replaced: COPY_HISTORY keeps it, the new pipe has none."""
        with self.cursor(pipe.database) as cursor:
            cursor.execute(
                f"UPDATE {_SCHEMA}._pipe_history SET pipe = ? WHERE pipe = ?",  # noqa: S608
                [f"{pipe.full_name}#{utc_now().isoformat()}", pipe.full_name],
            )

    def pause(self, pipe: Pipe, *, paused: bool) -> None:
        """Pause or resume."""
        self.put(replace(pipe, paused=paused))

    def stop(self, database: str | None, stage: str, state: str) -> None:
        """Stop every pipe of a stage that was dropped or altered."""
        for pipe in self.all():
            if (pipe.database, pipe.stage) == ((database or "").upper(), stage):
                self.put(replace(pipe, stopped=state))

    def is_known(self, pipe: Pipe, key: str) -> bool:
        """Whether the history has the file, loaded or failed: a path is taken once."""
        with self.cursor(pipe.database) as cursor:
            found = cursor.execute(
                f"SELECT 1 FROM {_SCHEMA}._pipe_history WHERE pipe = ? AND file_name = ?",  # noqa: S608
                [pipe.full_name, pipe.file_name(key)],
            ).fetchone()
        return found is not None

    def known_files(self, pipe: Pipe, *, with_replaced: bool = False) -> set[str]:
        """Every file name of the history; on demand also of the pipes that this one replaced."""
        with self.cursor(pipe.database) as cursor:
            rows = cursor.execute(
                f"SELECT file_name FROM {_SCHEMA}._pipe_history "  # noqa: S608
                "WHERE pipe = ? OR (? AND STARTS_WITH(pipe, ? || '#'))",
                [pipe.full_name, with_replaced, pipe.full_name],
            ).fetchall()
        return {row[0] for row in rows}

    def has_table(self, pipe: Pipe) -> bool:
        """Whether the table that the pipe fills is there."""
        with self.cursor(pipe.database) as cursor:
            found = cursor.execute(
                "SELECT 1 FROM duckdb_tables() WHERE database_name = ? AND schema_name = ? "
                "AND table_name = ?",
                [pipe.database, pipe.table_schema, pipe.table_name],
            ).fetchone()
        return found is not None

    def last_load(self, pipe: Pipe) -> tuple[datetime, str] | None:
        """When the newest file was loaded, and its name."""
        with self.cursor(pipe.database) as cursor:
            found: tuple[datetime, str] | None = cursor.execute(
                f"SELECT loaded_at, file_name FROM {_SCHEMA}._pipe_history "  # noqa: S608
                "WHERE pipe = ? AND status = 'Loaded' ORDER BY loaded_at DESC LIMIT 1",
                [pipe.full_name],
            ).fetchone()
        return found

    def record(self, cursor: duckdb.DuckDBPyConnection, pipe: Pipe, load: Load) -> None:
        """Write a line of history in the caller's transaction."""
        values: list[Any] = [
            pipe.full_name,
            pipe.table_schema,
            pipe.table_name,
            load.file_name,
            f"s3://{pipe.bucket}/{pipe.stage_prefix}",
            load.received_at,
            utc_now(),
            load.row_count,
            load.file_size,
            load.status,
            load.first_error,
        ]
        marks = ", ".join("?" * len(values))
        cursor.execute(f"INSERT INTO {_SCHEMA}._pipe_history VALUES ({marks})", values)  # noqa: S608

    def _remember(self, pipe: Pipe) -> None:
        self._pipes[pipe.key] = pipe


def _from_json(text: str) -> Pipe:
    fields = json.loads(text)
    fields["include_metadata"] = tuple(map(tuple, fields["include_metadata"]))
    return Pipe(**fields)
