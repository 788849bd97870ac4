"""The statements as a grammar that knows no bound values reads them."""

from __future__ import annotations

import re

from inmet_platform.warehouse.sql import Statements

TABLE = "observations"  # of a statement that is written for each pipe


def bound_to_null(name: str, written: Statements) -> str:
    """With NULL for bound values, and without comments before it."""
    bare = re.sub(r"\A(?:\s*--[^\n]*\n)+", "", written.text(name, TABLE))
    # What a COPY unloads to is a stage in any case.
    bare = bare.replace("COPY INTO %(target)s", "COPY INTO '@RAW.EXPORT/x.parquet'")
    return re.sub(r"%\(\w+\)s", "NULL", bare).strip()
