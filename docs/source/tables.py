"""The page of the tables: every table and view of the warehouse, from its DDL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlglot
from sqlglot import exp

from docs.source.column_words import WORDS
from docs.source.markdown import code, head, page, table
from inmet_platform.inmet.published import DAILY, MONTHLY
from inmet_platform.inmet.schema import FLAG_NAMES, VARIABLES
from inmet_platform.warehouse import sql
from inmet_platform.warehouse.sql import published_columns

DDL = Path(sql.__file__).parent / "ddl"

# What the settings call these by default; the other placeholders stand for parts of a SELECT.
_NAMES = {
    "clean_schema": "CLEAN",
    "clean_table": "CLEAN.OBSERVATIONS",
    "published_daily": published_columns(DAILY),
    "published_monthly": published_columns(MONTHLY),
}

_VARIABLES = {it.name: f"{it.description}, in {it.unit}" for it in VARIABLES}
_PUBLISHED = {
    f"CLEAN.{of}_PUBLISHED.{it.name}": f"{it.description}, as INMET publishes it"
    for of, variables in (("DAILY", DAILY), ("MONTHLY", MONTHLY))
    for it in variables
}
_FLAGS = {flag: f"Quality flag of `{name}`" for name, flag in FLAG_NAMES.items()}


@dataclass(frozen=True)
class Relation:
    """A table or view: its name, the comment of its DDL file, its columns with their types."""

    name: str
    source: str
    comment: str
    columns: list[tuple[str, str]]


def tables_page() -> str:
    """`docs/reference/tables.md`, whole."""
    found = list(relations())
    overview = table(
        ["table or view", "what it holds"],
        ([f"[`{it.name}`](#{_slug(it.name)})", it.comment.partition(". ")[0]] for it in found),
    )
    return page(
        head("Tables and columns", "`inmet_platform/warehouse/sql/ddl`", _INTRODUCTION),
        overview,
        *(_chapter(it) for it in found),
    )


_INTRODUCTION = """\
RAW holds what INMET published. CLEAN holds the newest edition of every hour, after quality control.
The names of the database, of the schema CLEAN and of its table are
[settings](settings.md#snowflake).

Every time is UTC. `observed_at` is the **end** of the hour, as INMET publishes it. An hour without
any value has a row in RAW and none in CLEAN. The [quality rules](../quality.md) say what a flag and
a bit of `qc_tests` mean. The [exported files](files.md#what-comes-out) have the columns of
`CLEAN.OBSERVATIONS` up to `qc_tests`."""


def relations() -> Iterator[Relation]:
    """Every table and view that `inmet bootstrap` makes, in the order it makes them."""
    for path in sorted(DDL.glob("*.sql")):
        text = path.read_text(encoding="utf-8")
        if re.search(r"^CREATE (TABLE|OR REPLACE VIEW) ", text, re.MULTILINE):
            yield _relation(path, text)


def _relation(path: Path, text: str) -> Relation:
    comment, _, statement = text.partition("CREATE ")
    [name] = re.findall(r"^(?:TABLE IF NOT EXISTS|OR REPLACE VIEW) (\S+)", _filled(statement))
    return Relation(
        name=name,
        source=path.relative_to(DDL.parents[3]).as_posix(),
        comment=" ".join(line.removeprefix("--").strip() for line in comment.splitlines()),
        columns=list(_columns(text)),
    )


def _filled(text: str) -> str:
    """The statement with something in the place of every placeholder."""
    return re.sub(r"\$\{(\w+)\}", lambda found: _NAMES.get(found[1], "NULL"), text)


def _columns(text: str) -> Iterator[tuple[str, str]]:
    """Of a table with the types; of a view, whose types follow from its tables, without."""
    if " VIEW " in text:
        query = _filled(text).partition(" AS\n")[2]
        select = sqlglot.parse_one(query, into=exp.Select, dialect="snowflake")
        yield from ((name.lower(), "") for name in select.named_selects)
    else:
        yield from re.findall(r"^    (\w+) (.+?),?$", text, re.MULTILINE)


def _chapter(relation: Relation) -> str:
    rows = (
        [code(name), code(kind), described(relation.name, name)] for name, kind in relation.columns
    )
    return page(
        f"## {relation.name}",
        relation.comment,
        table(["column", "type", "what it is"], rows),
        f"Defined in `{relation.source}`.",
    ).strip()


def described(relation: str, column: str) -> str:
    """What a column holds, in words."""
    words = {**_VARIABLES, **_FLAGS, **_PUBLISHED, **WORDS}
    return words.get(f"{relation}.{column}") or words[column]


def _slug(name: str) -> str:
    return re.sub(r"[^\w-]", "", name.lower())
