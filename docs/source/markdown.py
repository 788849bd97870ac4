"""Markdown as the generated pages need it: a heading with its origin, a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def head(title: str, origin: str, introduction: str) -> str:
    """The top of a page.

    Args:
        title: of the page.
        origin: what the page is made from, for whoever wants to change it.
        introduction: the first paragraph.
    """
    note = f"<!-- Generated from {origin}: `python -m docs.source`. Edit that, not this page. -->"
    return f"# {title}\n\n{note}\n\n{introduction}"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table, or nothing without rows; a column that is empty in every row is left out."""
    kept = [list(row) for row in rows]
    if not kept:
        return ""
    used = [n for n, _ in enumerate(heads) if any(row[n] for row in kept)]
    lines = [[heads[n] for n in used], ["---"] * len(used)]
    lines += [[_cell(row[n]) for n in used] for row in kept]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def page(*parts: str) -> str:
    """Parts with an empty line between them."""
    return "\n\n".join(part for part in parts if part) + "\n"


def code(text: object) -> str:
    """Text as code; nothing for nothing."""
    return f"`{text}`" if text not in (None, "") else ""


def _cell(text: str) -> str:
    """Without what ends a cell, or is taken for HTML outside of code."""
    parts = re.split(r"(`[^`]*`)", " ".join(text.split()))
    parts[::2] = [part.replace("<", "&lt;") for part in parts[::2]]
    return "".join(parts).replace("|", "\\|")
