"""Clauses that Snowflake has in another form than DuckDB, or not at all."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from local_cloud.restrictions.restriction import DOCS, Parts, Restriction

WITH = DOCS + "sql-reference/constructs/with"
QUALIFY = DOCS + "sql-reference/constructs/qualify"
MERGE = DOCS + "sql-reference/sql/merge"
CREATE_TABLE = DOCS + "sql-reference/sql/create-table"


def _recursive_without_columns(parts: Parts) -> Iterator[exp.Expr]:
    for cte in parts.find_all(exp.CTE):
        name = cte.alias
        if any(table.name == name for table in cte.this.find_all(exp.Table)):
            alias = cte.args["alias"]
            if not alias.columns:
                yield cte


def _qualify_without_window(parts: Parts) -> Iterator[exp.Expr]:
    for qualify in parts.find_all(exp.Qualify):
        select = qualify.parent_select
        places = [qualify, *(select.expressions if select else [])]
        if not any(place.find(exp.Window) for place in places):
            yield qualify


def _unreachable_when(parts: Parts) -> Iterator[exp.Expr]:
    """A clause of MERGE after one of its kind that has no condition."""
    for merge in parts.find_all(exp.Merge):
        ended: set[bool] = set()
        for when in merge.args["whens"].expressions:
            kind = bool(when.args.get("matched"))
            if kind in ended:
                yield when
            if not when.args.get("condition"):
                ended.add(kind)


def _when_not_matched_by(parts: Parts) -> Iterator[exp.Expr]:
    for merge in parts.find_all(exp.Merge):
        for when in merge.args["whens"].expressions:
            then = when.args["then"]
            action = then.name.upper() if isinstance(then, exp.Var) else then.key.upper()
            allowed = {"UPDATE", "DELETE"} if when.args.get("matched") else {"INSERT"}
            if when.args.get("source") or action not in allowed:
                yield when


def _replaced_and_kept(parts: Parts) -> Iterator[exp.Expr]:
    if (
        isinstance(parts.tree, exp.Create)
        and parts.tree.args.get("replace")
        and parts.tree.args.get("exists")
    ):
        yield parts.tree


RESTRICTIONS = (
    Restriction("A recursive CTE names its columns", WITH, _recursive_without_columns),
    Restriction("QUALIFY needs a window function", QUALIFY, _qualify_without_window),
    Restriction(
        "A WHEN clause without AND is the last of its kind in a MERGE", MERGE, _unreachable_when
    ),
    Restriction(
        "WHEN MATCHED updates or deletes, WHEN NOT MATCHED inserts; there is no other WHEN",
        MERGE,
        _when_not_matched_by,
    ),
    Restriction("OR REPLACE excludes IF NOT EXISTS", CREATE_TABLE, _replaced_and_kept),
)
