"""Files in portions that are written down together."""

from __future__ import annotations

from collections.abc import Iterator

from inmet_platform.warehouse.session import Row

# What a killed run has not written down is read again.
MOST_AT_ONCE = 1000
MOST_BYTES_AT_ONCE = 100_000_000


def portions(rows: list[Row]) -> Iterator[list[Row]]:
    """Rows in their order, as many as are written down together."""
    portion: list[Row] = []
    size_bytes = 0
    for row in rows:
        portion.append(row)
        size_bytes += row["size_bytes"]
        if len(portion) == MOST_AT_ONCE or size_bytes >= MOST_BYTES_AT_ONCE:
            yield portion
            portion, size_bytes = [], 0
    if portion:
        yield portion
