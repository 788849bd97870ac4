"""Answers as a plain SELECT, which fakesnow then gives in Snowflake's own protocol."""

from __future__ import annotations

from typing import Any

SUCCESS = "SELECT 'Statement executed successfully.' AS \"status\""


def answer(text: str) -> str:
    """One row with a sentence."""
    return f'SELECT {literal(text)} AS "status"'


def select(rows: list[dict[str, Any]], names: tuple[str, ...]) -> str:
    """Rows of text."""
    columns = [
        " , ".join(f'{literal(row[name])}::VARCHAR AS "{name}"' for name in names) for row in rows
    ]
    empty = " , ".join(f'NULL::VARCHAR AS "{name}"' for name in names)
    selects = [f"SELECT {row}" for row in columns] or [f"SELECT {empty} WHERE 1 = 0"]
    return " UNION ALL ".join(selects)


def literal(value: str | None) -> str:
    """A value as SQL writes it."""
    return "NULL" if value is None else "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
