"""One documented restriction of Snowflake: what its page says, and what of a tree offends it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from sqlglot import exp

from local_cloud.statement import tree_of

DOCS = "https://docs.snowflake.com/en/"


Part = TypeVar("Part", bound=exp.Expr)


class Parts:
    """The parts of a statement's tree by their kind: walked once, for all restrictions."""

    def __init__(self, text: str) -> None:
        """Read and walk it."""
        self.text, self.tree = text, tree_of(text)
        tree = self.tree
        self._kinds: dict[type[exp.Expr], list[exp.Expr]] = defaultdict(list)
        for part in tree.walk():
            self._kinds[type(part)].append(part)

    def find_all(self, *kinds: type[Part]) -> Iterator[Part]:
        """Every part that is of one of the kinds."""
        for kind, parts in self._kinds.items():
            if issubclass(kind, kinds):
                yield from parts  # type: ignore[misc]


@dataclass(frozen=True)
class Restriction:
    """What Snowflake's page says, what offends it, and how Snowflake refuses it.

    Attributes:
        says: what the page says, as a sentence.
        page: its address.
        offenders: finds the offending parts of a tree.
        errno: Snowflake's error number; 1003, a syntax error, where the page names none.
        sqlstate: the SQL state of it.
        words: Snowflake's words, after "SQL compilation error:"; empty where the page has none.
    """

    says: str
    page: str
    offenders: Callable[[Parts], Iterator[exp.Expr]]
    errno: int = 1003
    sqlstate: str = "42000"
    words: str = ""
