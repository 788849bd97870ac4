"""GRANT and REVOKE, read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from snowflake.connector.errors import ProgrammingError

from local_cloud.access.objects import Names
from local_cloud.statement import words_of

# By Snowflake's page: what may be granted on what.
PRIVILEGES = {
    "DATABASE": {"USAGE", "MONITOR", "MODIFY", "CREATE SCHEMA"},
    "SCHEMA": {
        *("USAGE", "MONITOR", "MODIFY", "CREATE TABLE", "CREATE VIEW", "CREATE STAGE"),
        *("CREATE PIPE",),
    },
    "TABLE": {"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES"},
    "STAGE": {"USAGE", "READ", "WRITE"},
    "PIPE": {"MONITOR", "OPERATE"},
    "WAREHOUSE": {"USAGE", "OPERATE", "MONITOR", "MODIFY"},
    "INTEGRATION": {"USAGE"},
}
MANY = {"TABLES": "TABLE", "VIEWS": "VIEW"}


@dataclass(frozen=True)
class Granting:
    """Privileges on objects, or a role, to a role or a user."""

    privileges: frozenset[str]
    objects: tuple[tuple[str, str], ...]
    to_kind: str
    to: str


def read_grant(text: str, names: Names, tables: Callable[[str, str], list[str]]) -> Granting:
    """Read a GRANT or a REVOKE.

    Args:
        text: the statement.
        names: where the session is.
        tables: the whole names of a schema's "TABLE"s or "VIEW"s.

    Raises:
        ProgrammingError: it is none, or a privilege that an object of the kind does not have.
    """
    words = words_of(text)[1:]
    turn = "TO" if "TO" in words else "FROM"
    if turn not in words:
        raise _syntax("expected TO or FROM.")
    at = words.index(turn)
    what, whom = words[:at], words[at + 1 :]
    to_kind, to = (whom[0], whom[1]) if whom[0] in ("ROLE", "USER") else ("ROLE", whom[0])
    if what[0] == "ROLE":
        return Granting(frozenset(), (("ROLE", what[1]),), to_kind, to)
    on = what.index("ON")
    privileges = frozenset(" ".join(what[:on]).replace(" , ", ",").split(","))
    kind, objects = _objects(what[on + 1 :], names, tables)
    if not privileges <= PRIVILEGES.get(kind, set()):
        raise _syntax(f"{', '.join(sorted(privileges))} cannot be granted on a {kind}.")
    return Granting(privileges, tuple((kind, name) for name in objects), to_kind, to)


def _objects(
    words: tuple[str, ...], names: Names, tables: Callable[[str, str], list[str]]
) -> tuple[str, list[str]]:
    if words[0] == "ALL":
        many, place = MANY.get(words[1]), names.of(words[-1], "SCHEMA")
        if not many or words[2:4] != ("IN", "SCHEMA"):
            raise _syntax("expected ALL TABLES or ALL VIEWS IN SCHEMA.")
        return "TABLE", tables(place, many)
    kind = "TABLE" if words[0] == "VIEW" else words[0]
    return kind, [names.of(words[1], kind)]


def _syntax(what: str) -> ProgrammingError:
    return ProgrammingError(
        msg=f"SQL compilation error:\nsyntax error in GRANT: {what}", errno=1003, sqlstate="42000"
    )
