"""Snowflake's SQL, one statement a file, named verb_object.

    ddl/      what `inmet bootstrap` creates, in the order of the file names
    load/     the ledger and Snowpipe
    clean/    RAW to CLEAN
    export/   CLEAN to files

Values are bound (`%(name)s`); only identifiers from the settings, checked there, and the
bucket's address are written into the text, as `${name}`.
"""

from __future__ import annotations

import re
from importlib.resources import files

from inmet_platform.settings import Settings


class Statements:
    """The SQL files, with the configured names filled in."""

    def __init__(self, settings: Settings) -> None:
        """Take the names from the settings, whose identifiers are checked."""
        prefix = f"{settings.s3_path.strip('/')}/" if settings.s3_path.strip("/") else ""
        self._names = {
            "database": settings.snowflake_database,
            "warehouse": settings.snowflake_warehouse,
            "clean_schema": settings.snowflake_schema,
            "clean_table": f"{settings.snowflake_schema}.{settings.snowflake_table}",
            "storage_integration": settings.snowflake_storage_integration,
            "landing_url": f"s3://{settings.s3_bucket}/{prefix}landing/",
        }

    def text(self, name: str) -> str:
        """The statement of `name`, such as "clean/merge_observations"."""
        source = files(__name__).joinpath(f"{name}.sql").read_text(encoding="utf-8")
        return re.sub(r"\$\{(\w+)\}", lambda match: self._names[match[1]], source)

    def names(self, folder: str) -> list[str]:
        """The statements of a folder, in the order of their file names."""
        entries = files(__name__).joinpath(folder).iterdir()
        return sorted(
            f"{folder}/{entry.name.removesuffix('.sql')}"
            for entry in entries
            if entry.name.endswith(".sql")
        )
