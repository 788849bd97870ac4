"""What clients send of themselves and fakesnow cannot do, turned into what it can."""

from __future__ import annotations

import re

# dbt makes and drops one for an incremental model. DuckDB keeps a temporary view in a database of
# its own, where its full name does not lead; here it is a view like any other.
_TEMPORARY_VIEW = re.compile(
    r"\A((?:/\*.*?\*/\s*)?CREATE\s+(?:OR\s+REPLACE\s+)?)TEMP(?:ORARY)?\s+(?=VIEW\b)",
    re.IGNORECASE | re.DOTALL,
)
# Snowpark says so when it closes a session. No statement outlives the question here.
_CANCEL = re.compile(r"SYSTEM\$CANCEL_ALL_QUERIES\s*\(\s*'?\d+'?\s*\)", re.IGNORECASE)


def understood(statement: str) -> str:
    """The statement to run instead; most stay what they are."""
    return _CANCEL.sub("'0 cancelled.'", _TEMPORARY_VIEW.sub(r"\1", statement))
