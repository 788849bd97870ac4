"""Objects by their whole names, what a statement needs on them, and who asks."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlglot import exp

# Any privilege at all on an object.
ANY = frozenset({"any"})
# Objects that lie in a schema; a view counts as a table.
IN_A_SCHEMA = {"TABLE", "STAGE", "PIPE"}


@dataclass
class Caller:
    """A session: its user, its role, its warehouse, and the temporary tables it made."""

    user: str
    role: str
    warehouse: str | None = None
    temporary: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Need:
    """One of several privileges on an object; OWNERSHIP always does."""

    privileges: frozenset[str]
    kind: str
    name: str


@dataclass(frozen=True)
class Names:
    """Where a session is: names without database or schema are meant there."""

    database: str
    schema: str

    def of(self, name: str, kind: str = "TABLE") -> str:
        """The whole name of an object, as far as its kind has one."""
        parts = name.upper().replace('"', "").split(".")
        if kind == "SCHEMA":
            return ".".join([*([self.database] if len(parts) == 1 else []), *parts])
        if kind not in IN_A_SCHEMA:
            return parts[-1]
        return ".".join([*[self.database, self.schema][: 3 - len(parts)], *parts])

    def table(self, table: exp.Table) -> str:
        """The whole name of a table in a tree."""
        return self.of(".".join(part.name for part in table.parts))


def need(privilege: str, kind: str, name: str) -> Need:
    """A need of one privilege, or of one of several with `|` between them."""
    return Need(frozenset(privilege.split("|")), kind, name)
