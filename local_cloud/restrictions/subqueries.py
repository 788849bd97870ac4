"""Subqueries that Snowflake cannot evaluate."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sqlglot import exp

from local_cloud.restrictions.restriction import DOCS, Parts, Restriction

OPERATORS = DOCS + "sql-reference/operators-subquery"
SUBQUERIES = DOCS + "user-guide/querying-subqueries"

# Where a subquery is a table, or another operator has it: no value by itself.
_NO_VALUES = (
    *(exp.From, exp.Join, exp.Merge, exp.SetOperation, exp.Subquery, exp.CTE, exp.Insert),
    *(exp.Create, exp.Copy, exp.Lateral, exp.In, exp.Any, exp.All, exp.Exists),
)
_FILTERS = (exp.Where, exp.Having, exp.Qualify)


def _exists_in_or(parts: Parts) -> Iterator[exp.Expr]:
    yield from (it for it in parts.find_all(exp.Exists) if _is_correlated(it) and _is_in_or(it))


def _exists_outside_where(parts: Parts) -> Iterator[exp.Expr]:
    yield from (
        it for it in parts.find_all(exp.Exists) if _is_correlated(it) and not _is_in(it, exp.Where)
    )


def _in_subquery_in_or(parts: Parts) -> Iterator[exp.Expr]:
    yield from (it for it in _in_subqueries(parts) if _is_in_or(it))


def _in_subquery_outside_filters(parts: Parts) -> Iterator[exp.Expr]:
    yield from (it for it in _in_subqueries(parts) if not _is_in(it, *_FILTERS))


def _scalar_outside_where(parts: Parts) -> Iterator[exp.Expr]:
    yield from (it for it in _correlated_scalars(parts) if not _is_in(it, exp.Where))


def _scalar_of_many_rows(parts: Parts) -> Iterator[exp.Expr]:
    for subquery in _correlated_scalars(parts):
        query = subquery.unnest()
        chosen = query.selects[0].unalias() if isinstance(query, exp.Query) else None
        if not isinstance(chosen, exp.AggFunc) or query.args.get("group"):
            yield subquery


def _limited(parts: Parts) -> Iterator[exp.Expr]:
    scalars = list(_correlated_scalars(parts))
    for subquery in [*parts.find_all(exp.Exists), *_in_subqueries(parts), *scalars]:
        query = _query_of(subquery)
        if query.args.get("limit") or query.args.get("fetch"):
            yield subquery


def _joined_by_more_than_equality(parts: Parts) -> Iterator[exp.Expr]:
    subqueries = [*parts.find_all(exp.Exists), *_in_subqueries(parts), *_correlated_scalars(parts)]
    for subquery in filter(_is_correlated, subqueries):
        inner = _sources(subquery)
        for comparison in _query_of(subquery).find_all(exp.Predicate):
            if isinstance(comparison, (exp.EQ, exp.Exists, exp.SubqueryPredicate)):
                continue
            if any(column.table and column.table not in inner for column in _columns(comparison)):
                yield comparison


def _in_subqueries(parts: Parts) -> Iterator[exp.Expr]:
    """IN, ANY and ALL over a query: by the page they are the same."""
    for found in parts.find_all(exp.In, exp.Any, exp.All):
        if found.args.get("query") or isinstance(found.this, exp.Query):
            yield found


def _correlated_scalars(parts: Parts) -> Iterator[exp.Subquery]:
    for subquery in parts.find_all(exp.Subquery):
        is_value = subquery.parent and not isinstance(subquery.parent, _NO_VALUES)
        if is_value and _is_correlated(subquery):
            yield subquery


def _query_of(subquery: exp.Expr) -> exp.Expr:
    query: exp.Expr = subquery.args.get("query") or subquery.this
    return query.unnest()


def _is_correlated(subquery: exp.Expr) -> bool:
    """Whether it names a table of the query around it."""
    inner = _sources(subquery)
    columns = _columns(_query_of(subquery))
    return any(column.table and column.table not in inner for column in columns)


def _is_in_or(subquery: exp.Expr) -> bool:
    return isinstance(subquery.find_ancestor(exp.Or, exp.Select), exp.Or)


def _is_in(subquery: exp.Expr, *clauses: type[exp.Expr]) -> bool:
    return isinstance(subquery.find_ancestor(*clauses, exp.Select), clauses)


def _sources(tree: exp.Expr) -> set[str]:
    return {table.alias_or_name for table in tree.find_all(exp.Table, exp.Subquery)}


def _columns(tree: exp.Expr) -> Iterator[exp.Column]:
    return tree.find_all(exp.Column)


_cannot = partial(
    Restriction, errno=2031, sqlstate="42601", words="Unsupported subquery type cannot be evaluated"
)
RESTRICTIONS = (
    _cannot("A correlated EXISTS cannot be an argument of OR", OPERATORS, _exists_in_or),
    _cannot("A correlated EXISTS stands in a WHERE clause alone", OPERATORS, _exists_outside_where),
    _cannot(
        "IN, ANY or ALL of a subquery cannot be an argument of OR", OPERATORS, _in_subquery_in_or
    ),
    _cannot(
        "IN, ANY or ALL of a subquery stands in a WHERE, HAVING or QUALIFY clause",
        OPERATORS,
        _in_subquery_outside_filters,
    ),
    _cannot(
        "A correlated subquery that is a value stands in a WHERE clause",
        SUBQUERIES,
        _scalar_outside_where,
    ),
    _cannot(
        "A correlated subquery that is a value is one aggregate without GROUP BY",
        SUBQUERIES,
        _scalar_of_many_rows,
    ),
    _cannot("LIMIT stands in no EXISTS, IN or correlated subquery", SUBQUERIES, _limited),
    _cannot(
        "A correlated subquery is joined by equality; the page promises no other",
        OPERATORS,
        _joined_by_more_than_equality,
    ),
)
