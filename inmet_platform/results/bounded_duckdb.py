"""DuckDB in this process, with bounded memory."""

from __future__ import annotations

from pathlib import Path

import duckdb

MEMORY_LIMIT = "1GB"


def bounded_connection(spill: Path) -> duckdb.DuckDBPyConnection:
    """A connection that writes to the folder `spill` what does not fit into `MEMORY_LIMIT`."""
    return duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "temp_directory": str(spill)})
