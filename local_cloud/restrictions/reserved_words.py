"""Words that Snowflake does not take as a name, unless it is quoted."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from local_cloud.restrictions.restriction import DOCS, Parts, Restriction

PAGE = DOCS + "sql-reference/reserved-keywords"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# By the page: reserved by ANSI or by Snowflake, so no name of anything.
RESERVED = _words(
    """ALL ALTER AND ANY AS BETWEEN BY CHECK COLUMN CONNECT CREATE CURRENT DELETE DISTINCT DROP ELSE
    EXISTS FOLLOWING FOR FROM GRANT GROUP HAVING ILIKE IN INCREMENT INSERT INTERSECT INTO IS LIKE
    MINUS NOT NULL OF ON OR ORDER QUALIFY REGEXP REVOKE RLIKE ROW ROWS SAMPLE SELECT SET SOME START
    TABLE TABLESAMPLE THEN TO TRIGGER UNION UNIQUE UPDATE VALUES WHENEVER WHERE WINDOW
    WITH"""
)
# Of a column in a scalar expression, or of a new table.
NO_COLUMN = _words(
    """CASE CAST CONSTRAINT CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER FALSE LOCALTIME
    LOCALTIMESTAMP TRUE TRY_CAST WHEN"""
)
# Of a table, or its alias, in a FROM clause.
NO_TABLE = _words("CROSS FULL INNER JOIN LATERAL LEFT NATURAL RIGHT USING")


def _reserved_names(parts: Parts) -> Iterator[exp.Expr]:
    for name in parts.find_all(exp.Identifier):
        if name.args.get("quoted"):
            continue
        word = name.this.upper()
        column = isinstance(name.parent, (exp.Column, exp.ColumnDef)) and word in NO_COLUMN
        table = isinstance(name.parent, (exp.Table, exp.TableAlias)) and word in NO_TABLE
        if word in RESERVED or column or table:
            yield name


RESTRICTIONS = (
    Restriction("A reserved word is no name without its quotes", PAGE, _reserved_names),
)
