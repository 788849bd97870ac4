"""Which statements made the schema: who finds that all were run need not run them again.

`RAW.SCHEMA_HISTORY` keeps the digest of each statement as it was written. A statement that an
update of the platform adds or changes, or that a setting changes, is therefore missing there.

`sql/migrations` are numbered, and a number is given once: the greatest that was run is the version
of the schema. A platform that does not know it is too old for the schema.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable

from inmet_platform.errors import SchemaNewer, SchemaTooOld, WarehouseError
from inmet_platform.warehouse.session import Session
from inmet_platform.warehouse.timestamps import utc_now

# "does not exist or not authorized": the database, the schema or the table.
_MISSING = 2003


class SchemaHistory:
    """The history as it is when this is made."""

    def __init__(self, session: Session) -> None:
        """Read it; where nothing is there yet, it is empty.

        Raises:
            WarehouseError: the endpoint refuses for another reason.
        """
        self._session = session
        try:
            rows = session.query("schema/select_applied")
        except WarehouseError as error:
            if getattr(error.__cause__, "errno", None) != _MISSING:
                raise
            rows = []
        self._applied = {row["statement_name"]: row["digest"] for row in rows}

    def has(self, names: Iterable[str]) -> bool:
        """Whether all these statements of `sql/` made the schema, as they are written today."""
        return not self._missing(names)

    def record(self, names: Iterable[str]) -> None:
        """Note that these statements of `sql/` were run; what is noted already stays as it is."""
        rows = [
            {"statement_name": name, "digest": digest, "applied_at": utc_now()}
            for name, digest in self._missing(names).items()
        ]
        self._session.execute_many("schema/insert_applied", rows)

    def require_known(self) -> None:
        """Raise `SchemaNewer` when a migration was run that this version has not."""
        known = _newest(self._session.statements.names("migrations"))
        found = _newest(self._applied)
        if found > known:
            raise SchemaNewer(
                f"The schema in Snowflake is of version {found}, made by a newer version of the "
                f"platform; this one knows version {known}.",
                remedy="Update the platform here; CHANGELOG.md says what has changed.",
            )

    def _missing(self, names: Iterable[str]) -> dict[str, str]:
        """Name → digest of the statements that were not run, or were another then."""
        digests = {name: _digest(self._session.statements.text(name)) for name in names}
        return {name: it for name, it in digests.items() if self._applied.get(name) != it}


def require_columns(session: Session, tables: Iterable[str]) -> None:
    """Raise `SchemaTooOld` when a table lacks a column that its statement names.

    Args:
        session: of a role that sees the tables.
        tables: statements of `sql/`; those that make no table are passed by.
    """
    held: dict[str, set[str]] = defaultdict(set)
    for row in session.query("schema/select_columns"):
        held[f"{row['table_schema']}.{row['table_name']}".upper()].add(row["column_name"].upper())
    for name in tables:
        table, columns = _columns_of(session.statements.text(name))
        missing = columns - held[table] if table in held else set()
        if missing:
            raise SchemaTooOld(
                f"{table} lacks {', '.join(sorted(missing))}: an early version of the platform "
                "made it, and no migration leads from there. Its rows are left as they are.",
                remedy="All of it is made of raw/: set SNOWFLAKE_DATABASE to a new name, run "
                "`inmet rebuild`, compare, and drop the old database then.",
            )


def _columns_of(text: str) -> tuple[str, set[str]]:
    """Table and columns of a CREATE TABLE as `sql/ddl` writes it; nothing for another text."""
    found = re.search(r"^CREATE TABLE IF NOT EXISTS ([\w.]+) \($(.*?)^\);", text, re.M | re.S)
    if not found:
        return "", set()
    return found[1].upper(), {name.upper() for name in re.findall(r"^    (\w+) ", found[2], re.M)}


def _newest(names: Iterable[str]) -> int:
    """The greatest number of a migration among names of statements; 0 when there is none."""
    numbers = (re.match(r"migrations/(\d+)_", name) for name in names)
    return max((int(number[1]) for number in numbers if number), default=0)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
