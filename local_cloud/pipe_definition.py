"""`CREATE PIPE`, read: its options by Snowflake's page, and its COPY as a tree."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from snowflake.connector.errors import ProgrammingError
from sqlglot import exp
from sqlglot.dialects.snowflake import Snowflake

from local_cloud.restrictions import refuse
from local_cloud.restrictions.copying import CREATING_A_PIPE
from local_cloud.statement import named, options_after, tree_of, words_of

# What a COPY may say that this endpoint does, too.
DONE = {"FILE_FORMAT", "MATCH_BY_COLUMN_NAME", "INCLUDE_METADATA", "ON_ERROR"}


@dataclass(frozen=True)
class PipeDefinition:
    """What a CREATE PIPE says."""

    name: str
    replace: bool
    exists: bool
    options: tuple[tuple[str, str], ...]
    copy: str
    table: str
    stage: str
    path: str
    include_metadata: tuple[tuple[str, str], ...]

    @property
    def error_integration(self) -> str | None:
        """The notification integration that is told of failed loads."""
        return dict(self.options).get("ERROR_INTEGRATION")


@lru_cache(maxsize=16)
def read_pipe(text: str) -> PipeDefinition:
    """Read a CREATE PIPE.

    Raises:
        ProgrammingError: an option that Snowflake does not have, or this endpoint not.
    """
    tokens = list(Snowflake().tokenize(text))
    at = next((i for i, token in enumerate(tokens) if token.text.upper() == "AS"), 0)
    if not at or at + 1 == len(tokens):
        raise _syntax("expected AS COPY INTO …; found none.")
    words = words_of(text)
    before = words[: words.index("AS")]
    copy = text[tokens[at + 1].start :].strip().rstrip(";")
    options = tuple(options_after(before))
    for option, _ in options:
        if option not in CREATING_A_PIPE:
            raise _syntax(f"unexpected '{option}'.")
    start = before.index(named(before, "PIPE")) + 1
    if len(before[start:]) != 3 * len(options):
        raise _syntax(f"unexpected '{' '.join(before[start:])}'.")
    if ("AUTO_INGEST", "TRUE") not in options:
        raise _not_here("a pipe without AUTO_INGEST = TRUE")
    refuse(copy, in_a_pipe=True)
    return PipeDefinition(
        name=named(before, "PIPE"),
        replace=before[1] == "OR",
        exists="EXISTS" in before,
        options=options,
        copy=copy,
        **_copied(tree_of(copy)),
    )


def _copied(copy: exp.Expr) -> dict[str, Any]:
    """Table, stage, path and metadata of a COPY."""
    parameters = {it.this.name.upper(): it for it in copy.args.get("params") or []}
    files = copy.args.get("files") or []
    unknown = sorted(parameters.keys() - DONE)
    if unknown:
        raise _not_here(unknown[0])
    if len(files) != 1 or not files[0].name.startswith("@"):
        raise _not_here("a COPY that is not FROM @stage/path")
    on_error = parameters.get("ON_ERROR")
    if on_error and on_error.expression.name.upper() != "SKIP_FILE":
        raise _not_here(f"ON_ERROR = {on_error.expression.name}")
    stage, _, path = files[0].name[1:].partition("/")
    included = parameters.get("INCLUDE_METADATA")
    pairs = included.find_all(exp.EQ) if included else ()
    return {
        "table": ".".join(part.name for part in copy.this.parts),
        "stage": stage,
        "path": path,
        "include_metadata": tuple((pair.this.name, pair.expression.name) for pair in pairs),
    }


def _syntax(what: str) -> ProgrammingError:
    message = f"SQL compilation error:\nsyntax error in CREATE PIPE: {what}"
    return ProgrammingError(msg=message, errno=1003, sqlstate="42000")


def _not_here(what: str) -> ProgrammingError:
    message = f"The embedded endpoint does not do {what}; Snowflake does."
    return ProgrammingError(msg=message, errno=1003, sqlstate="0A000")
