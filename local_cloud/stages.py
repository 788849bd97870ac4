"""Stages, which fakesnow holds in memory alone and neither drops nor alters."""

from __future__ import annotations

import re

from fakesnow.transforms.stage import parts_from_var
from snowflake.connector.errors import ProgrammingError

from local_cloud.answers import SUCCESS, answer
from local_cloud.pipes import PipeStore

_STAGE = re.compile(r"CREATE\s+STAGE\s+IF\s+NOT\s+EXISTS\s+\w+\.\w+", re.IGNORECASE)
DROP_STAGE = re.compile(
    r"DROP\s+STAGE\s+(?P<exists>IF\s+EXISTS\s+)?(?P<name>[\w.\"]+)", re.IGNORECASE
)
ALTER_STAGE = re.compile(
    r"ALTER\s+STAGE\s+(?P<name>[\w.\"]+)\s+SET\s+URL\s*=\s*'(?P<url>s3://[^']+)'", re.IGNORECASE
)


class Stages:
    """The stages of every database, and the pipes that stop with them."""

    def __init__(self, store: PipeStore) -> None:
        """Bind the store that writes them down."""
        self._store = store

    def keep(self, statement: str, database: str | None) -> None:
        """Write a CREATE STAGE down, so that a restart makes it again."""
        if database and _STAGE.match(statement):
            self._store.keep_stage(database, statement)

    def drop(self, match: re.Match[str], database: str | None) -> str:
        """DROP STAGE: its pipes stop."""
        parts = parts_from_var(match["name"].replace('"', ""), database, None)
        with self._store.cursor("_fs_global") as cursor:
            gone = cursor.execute(
                "DELETE FROM _fs_information_schema._fs_stages "
                "WHERE database_name = ? AND schema_name = ? AND name = ? RETURNING name",
                list(parts),
            ).fetchall()
        if not gone and not match["exists"]:
            raise _no_stage(parts)
        self._store.forget_stage(parts[0], ".".join(parts[1:]))
        self._store.stop(parts[0], ".".join(parts[1:]), "STOPPED_STAGE_DROPPED")
        return answer(f"{parts[2]} successfully dropped.")

    def alter(self, match: re.Match[str], database: str | None) -> str:
        """ALTER STAGE … SET URL: its pipes stop."""
        parts = parts_from_var(match["name"].replace('"', ""), database, None)
        self.place(match["name"], database)
        stage = ".".join(parts[1:])
        with self._store.cursor("_fs_global") as cursor:
            cursor.execute(
                "UPDATE _fs_information_schema._fs_stages SET url = ? "
                "WHERE database_name = ? AND schema_name = ? AND name = ?",
                [match["url"], *parts],
            )
        self._store.forget_stage(parts[0], stage)
        self._store.keep_stage(
            parts[0], f"CREATE STAGE IF NOT EXISTS {stage} URL = '{match['url']}'"
        )
        self._store.stop(parts[0], stage, "STOPPED_STAGE_ALTERED")
        return SUCCESS

    def place(self, name: str, database: str | None) -> tuple[str, str]:
        """The bucket of a stage, and the prefix in it."""
        parts = parts_from_var(name.replace('"', ""), database, None)
        with self._store.cursor("_fs_global") as cursor:
            found = cursor.execute(
                "SELECT url FROM _fs_information_schema._fs_stages "
                "WHERE database_name = ? AND schema_name = ? AND name = ?",
                list(parts),
            ).fetchone()
        if not found:
            raise _no_stage(parts)
        bucket, _, prefix = found[0].removeprefix("s3://").partition("/")
        return bucket, prefix


def _no_stage(parts: tuple[str, ...]) -> ProgrammingError:
    return ProgrammingError(
        msg=f"Stage '{'.'.join(parts)}' does not exist or not authorized.", errno=2003
    )
