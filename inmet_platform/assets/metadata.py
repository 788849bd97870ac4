"""Metadata values that several assets and checks show."""

from collections.abc import Iterable

import dagster as dg


def bullets(lines: Iterable[str]) -> dg.MarkdownMetadataValue:
    """A list in Markdown; `none` without any line."""
    return dg.MetadataValue.md("\n".join(f"- {line}" for line in lines) or "none")
