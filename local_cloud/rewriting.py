"""Turns a statement into one that fakesnow knows, after the caller's right to it is checked.

What fakesnow lacks is done here, then asked of it as a plain SELECT: it answers in Snowflake's own
protocol. Names and values of the columns are those of Snowflake's documentation.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from fakesnow.fakes import FakeSnowflakeConnection
from sqlglot import exp

from local_cloud.access.checking import Access
from local_cloud.access.objects import Caller, Names
from local_cloud.account_statements import AccountStatements
from local_cloud.client_statements import understood
from local_cloud.load_history import with_load_history
from local_cloud.pipe_statements import PipeStatements
from local_cloud.restrictions import refuse
from local_cloud.stages import ALTER_STAGE, DROP_STAGE, Stages
from local_cloud.statement import command_of, not_known, tree_of
from local_cloud.unloading import Unloading

# A server that runs for weeks does not keep more hashes of different statements.
MOST_DISTINCT = 100_000

_COMMENTS = re.compile(r"\A(?:\s*--[^\n]*\n)+")


class StatementsRead:
    """How many statements were sent, how many of them are not the same, and how many refused."""

    def __init__(self) -> None:
        """None yet."""
        self._lock = threading.Lock()
        self._sent, self._refused = 0, 0
        self._texts: set[int] = set()

    @contextmanager
    def counted(self, text: str) -> Iterator[None]:
        """Count a statement that is read, and whether that ends in a refusal."""
        with self._lock:
            self._sent += 1
            if len(self._texts) < MOST_DISTINCT:
                self._texts.add(hash(text))
        try:
            yield
        except Exception:
            with self._lock:
                self._refused += 1
            raise

    def counts(self) -> dict[str, int]:
        """For `GET /health`; different statements are counted up to `MOST_DISTINCT`."""
        with self._lock:
            distinct = len(self._texts)
            return {"sent": self._sent, "distinct": distinct, "refused": self._refused}


class Rewriter:
    """Checks a statement, does what fakesnow lacks, and hands on what it knows."""

    def __init__(
        self,
        access: Access,
        pipes: PipeStatements,
        stages: Stages,
        unloading: Unloading,
        account: AccountStatements,
    ) -> None:
        """Bind those who do the statements."""
        self.access, self.read = access, StatementsRead()
        self._pipes, self._stages, self._account = pipes, stages, account
        self._unloading = unloading

    def rewrite(self, statement: str, connection: FakeSnowflakeConnection, caller: Caller) -> str:
        """The statement to run instead, in the same session.

        Raises:
            ProgrammingError: as Snowflake says it.
        """
        with self.read.counted(statement):
            refuse(statement)
            self.access.check(statement, caller, names_of(connection))
        database = connection.database
        bare = understood(_COMMENTS.sub("", statement).strip())
        self._stages.keep(bare, database)
        if command_of(statement):
            done = self._pipes.rewrite(statement, database, caller)
            return done or self._account.rewrite(bare) or bare
        tree = tree_of(statement)
        if isinstance(tree, exp.Put):
            raise not_known("stages are of S3, where files are put by S3's own means")
        if isinstance(tree, exp.Copy) and tree.this.this.name.startswith("@"):
            return self._unloading.unload(tree, connection)
        for pattern, command in (
            (DROP_STAGE, self._stages.drop),
            (ALTER_STAGE, self._stages.alter),
        ):
            if match := pattern.match(bare):
                return command(match, database)
        if isinstance(tree, exp.Create) and (about_account := self._account.rewrite(bare)):
            return about_account
        bare = self._pipes.with_status(self._account.validated(bare), database)
        return with_load_history(bare, connection)


def names_of(connection: FakeSnowflakeConnection) -> Names:
    """Where a session is."""
    return Names(
        (connection.database or "").upper(),
        (connection.schema or "PUBLIC").upper().replace("_FS_INFORMATION_SCHEMA", "PUBLIC"),
    )
