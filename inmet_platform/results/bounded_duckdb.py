"""DuckDB in this process, with bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

MEMORY_LIMIT = "1GB"


@contextmanager
def bounded_connection(spill: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that writes to the folder `spill` what does not fit into `MEMORY_LIMIT`."""
    settings = {"memory_limit": MEMORY_LIMIT, "temp_directory": str(spill)}
    with duckdb.connect(config=settings) as connection:
        yield connection
