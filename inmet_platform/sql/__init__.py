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

from inmet_platform.inmet.quality.flags import sql_fragments
from inmet_platform.inmet.schema import FLAG_NAMES, VARIABLE_NAMES
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
            **sql_fragments(),
            **edition_fragments(),
            "landing_url": f"s3://{settings.s3_bucket}/{prefix}landing/",
            "export_url": f"s3://{settings.s3_bucket}/{prefix}export/",
            "export_columns": ", ".join(
                f'{name} AS "{name}"'
                for name in (*VARIABLE_NAMES, *FLAG_NAMES.values(), "qc_tests")
            ),
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


def edition_fragments() -> dict[str, str]:
    """What `ddl/53_create_view_edition_changes` says of every variable."""
    window = (
        "OVER (PARTITION BY observations.station_id, observations.observed_at "
        "ORDER BY contested.edition)"
    )

    def count(condition: str) -> str:
        cells = (condition.format(name=name) for name in VARIABLE_NAMES)
        return " + ".join(f"IFF({cell}, 1, 0)" for cell in cells)

    return {
        "edition_row_values": ", ".join(f"observations.{name}" for name in VARIABLE_NAMES),
        "edition_previous_values": ", ".join(
            f"LAG(observations.{name}) {window} AS {name}_before" for name in VARIABLE_NAMES
        ),
        "edition_filled": count("{name}_before IS NULL AND {name} IS NOT NULL"),
        "edition_blanked": count("{name}_before IS NOT NULL AND {name} IS NULL"),
        "edition_changed": count("{name}_before <> {name}"),
        "edition_any_value": f"COALESCE({', '.join(VARIABLE_NAMES)})",
        "edition_any_before": f"COALESCE({', '.join(f'{n}_before' for n in VARIABLE_NAMES)})",
    }
