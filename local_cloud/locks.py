"""Locks of tables: an UPDATE, DELETE, MERGE or CREATE waits for another on the same table.

As Snowflake's do (docs/fidelity.md names the page). INSERT and Snowpipe wait for nobody.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from snowflake.connector.errors import ProgrammingError
from sqlglot import exp

# Snowflake's LOCK_TIMEOUT, in seconds, where a session sets none.
LOCK_TIMEOUT_S = 43_200.0
# More statements than that do not wait for one lock: Snowflake refuses the next.
MOST_WAITERS = 20


class TableLocks:
    """One lock for each table that was ever locked."""

    def __init__(self) -> None:
        """Nothing is locked."""
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = defaultdict(threading.Lock)
        self._waiting: dict[str, int] = defaultdict(int)

    def waiting(self, table: str) -> int:
        """How many statements wait for a table."""
        with self._guard:
            return self._waiting[table]

    @contextmanager
    def held(self, table: str | None, timeout_s: float = LOCK_TIMEOUT_S) -> Iterator[None]:
        """Hold a table's lock; none for None.

        Raises:
            ProgrammingError: too many wait already, or the time is over; as Snowflake says it.
        """
        if table is None:
            yield
            return
        with self._guard:
            lock, waiting = self._locks[table], self._waiting[table]
            if lock.locked() and waiting >= MOST_WAITERS:
                raise is_locked(
                    table, "the number of waiters for this lock exceeds the 20 statements limit"
                )
            self._waiting[table] += 1
        try:
            got = lock.acquire(timeout=timeout_s)
        finally:
            with self._guard:
                self._waiting[table] -= 1
        if not got:
            raise is_locked(table, f"it waited for LOCK_TIMEOUT, {timeout_s:.0f} s")
        try:
            yield
        finally:
            lock.release()


def locked_table(tree: exp.Expr, database: str | None, schema: str | None) -> str | None:
    """The table that a statement locks while it runs; None for one that locks none."""
    if not isinstance(tree, (exp.Update, exp.Delete, exp.Merge, exp.Create)):
        return None
    table = tree.this.find(exp.Table)
    if table is None:
        return None
    parts = [part.name.upper() for part in table.parts]
    return ".".join([*[database or "", schema or ""][: 3 - len(parts)], *parts])


def is_locked(table: str, because: str) -> ProgrammingError:
    """Snowflake's answer to a statement that a lock kept out."""
    return ProgrammingError(
        msg=f"Another statement has locked table '{table.rpartition('.')[2]}' and this lock has "
        f"not yet been released.\nYour statement was aborted because {because}.",
        errno=625,
        sqlstate="57014",
    )
