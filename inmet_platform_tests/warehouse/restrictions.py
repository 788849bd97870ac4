"""What Snowflake refuses though its grammar has it: one function a documented restriction.

Each finds the offending parts of a statement's tree, as sqlglot reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlglot import exp

SUBQUERIES = "https://docs.snowflake.com/en/sql-reference/operators-subquery"
WITH = "https://docs.snowflake.com/en/sql-reference/constructs/with"


@dataclass(frozen=True)
class Restriction:
    """What Snowflake's page says, and what of a tree offends it."""

    says: str
    page: str
    offenders: Callable[[exp.Expr], Iterator[exp.Expr]]


def _correlated_in_or(tree: exp.Expr) -> Iterator[exp.Expr]:
    for subquery in _correlated(tree):
        if isinstance(subquery.find_ancestor(exp.Or, exp.Select), exp.Or):
            yield subquery


def _correlated_outside_where(tree: exp.Expr) -> Iterator[exp.Expr]:
    for subquery in _correlated(tree):
        if isinstance(subquery, exp.Exists) and not isinstance(
            subquery.find_ancestor(exp.Where, exp.Select), exp.Where
        ):
            yield subquery


def _correlated_by_more_than_equality(tree: exp.Expr) -> Iterator[exp.Expr]:
    for subquery in _correlated(tree):
        inner = _sources(subquery)
        for comparison in subquery.find_all(exp.Predicate):
            if isinstance(comparison, (exp.EQ, exp.Exists, exp.SubqueryPredicate)):
                continue
            if any(column.table and column.table not in inner for column in _columns(comparison)):
                yield comparison


def _recursive_without_columns(tree: exp.Expr) -> Iterator[exp.Expr]:
    for cte in tree.find_all(exp.CTE):
        name = cte.alias
        if any(table.name == name for table in cte.this.find_all(exp.Table)):
            alias = cte.args["alias"]
            if not alias.columns:
                yield cte


RESTRICTIONS = (
    Restriction("A correlated EXISTS cannot be an argument of OR", SUBQUERIES, _correlated_in_or),
    Restriction(
        "A correlated EXISTS stands in a WHERE clause alone", SUBQUERIES, _correlated_outside_where
    ),
    Restriction(
        "A correlated subquery is joined by equality; the page promises no other",
        SUBQUERIES,
        _correlated_by_more_than_equality,
    ),
    Restriction("A recursive CTE names its columns", WITH, _recursive_without_columns),
)


def offences(tree: exp.Expr) -> list[str]:
    """What Snowflake would refuse of a statement, each with the page that says so."""
    return [
        f"{restriction.says} ({restriction.page}): {offender.sql('snowflake')[:200]}"
        for restriction in RESTRICTIONS
        for offender in restriction.offenders(tree)
    ]


def _correlated(tree: exp.Expr) -> Iterator[exp.Expr]:
    """Subqueries, in an expression, that name a table of the query around them."""
    for subquery in tree.find_all(exp.Exists, exp.In, exp.Subquery):
        if isinstance(subquery, exp.Subquery) and isinstance(subquery.parent, (exp.From, exp.Join)):
            continue
        if isinstance(subquery, exp.In) and not subquery.args.get("query"):
            continue
        inner = _sources(subquery)
        query = subquery.args.get("query") or subquery.this
        if any(column.table and column.table not in inner for column in _columns(query)):
            yield subquery


def _sources(tree: exp.Expr) -> set[str]:
    return {table.alias_or_name for table in tree.find_all(exp.Table, exp.Subquery)}


def _columns(tree: exp.Expr) -> Iterator[exp.Column]:
    return tree.find_all(exp.Column)
