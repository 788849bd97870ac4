"""Which statements made the schema: who finds that all were run need not run them again.

`RAW.SCHEMA_HISTORY` keeps the digest of each statement as it was written. A statement that an
update of the platform adds or changes, or that a setting changes, is therefore missing there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from inmet_platform.errors import WarehouseError
from inmet_platform.warehouse.session import Session
from inmet_platform.warehouse.timestamps import utc_now

# "does not exist or not authorized": the database, the schema or the table.
_MISSING = 2003


def are_applied(session: Session, names: Iterable[str]) -> bool:
    """Whether all these statements of `sql/` made the schema, as they are written today.

    Raises:
        WarehouseError: the endpoint refuses for another reason than that nothing is there yet.
    """
    return not _missing(session, names)


def record_applied(session: Session, names: Iterable[str]) -> None:
    """Note that these statements of `sql/` were run; what is noted already stays as it is."""
    rows = [
        {"statement_name": name, "digest": digest, "applied_at": utc_now()}
        for name, digest in _missing(session, names).items()
    ]
    session.execute_many("schema/insert_applied", rows)


def _missing(session: Session, names: Iterable[str]) -> dict[str, str]:
    """Name → digest of the statements that were not run, or were another then."""
    try:
        rows = session.query("schema/select_applied")
    except WarehouseError as error:
        if getattr(error.__cause__, "errno", None) != _MISSING:
            raise
        rows = []
    applied = {row["statement_name"]: row["digest"] for row in rows}
    digests = {name: _digest(session.statements.text(name)) for name in names}
    return {name: digest for name, digest in digests.items() if applied.get(name) != digest}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
