"""Snowflake's SQL, one statement a file, named verb_object.

    account/  roles, warehouse, resource monitor, storage integration (BOOTSTRAP_ACCOUNT)
    trust/    whether AWS lets Snowflake in, and whom it must let in (BOOTSTRAP_ACCOUNT)
    ddl/      what `inmet bootstrap` creates, in the order of the file names
    migrations/ what brings tables of an earlier version up to date, numbered for ever
    schema/   which statements made the schema, and what it is
    grants/   what each role may, and the users (BOOTSTRAP_ACCOUNT)
    pipe/     pausing, refreshing and comparing one pipe; ${table} is the table that it fills
    lease/    what only one run may do at a time
    load/     the ledger and Snowpipe
    clean/    RAW to CLEAN
    export/   CLEAN to files
    forecast/ what the model says, to CLEAN

Values are bound (`%(name)s`); only identifiers from the settings, checked there, and the
bucket's address are written into the text, as `${name}`.
"""

from __future__ import annotations

import re
from pathlib import Path

from inmet_platform.config.settings import Settings
from inmet_platform.errors import SettingsError
from inmet_platform.inmet.published import (
    DAILY,
    MONTHLY,
    PublishedVariable,
    published_names,
)
from inmet_platform.inmet.quality.flags import sql_fragments
from inmet_platform.inmet.schema import FLAG_NAMES, VARIABLE_BITS, VARIABLE_NAMES

# The tables of RAW that a pipe fills.
PIPE_TABLES = ("observations", "published_values", "station_headers")

_FOLDER = Path(__file__).parent
# Stands for a missing value where NULL stands for "not in this file".
_SAID_MISSING = "-1e30"


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
            "storage_integration": settings.snowflake_storage_integration.upper(),
            "credit_quota": str(settings.snowflake_credit_quota),
            "storage_role_arn": settings.snowflake_storage_role_arn or "",
            "storage_external_id": settings.snowflake_storage_external_id or "",
            "error_integration": f"ERROR_INTEGRATION = {settings.snowflake_error_integration}"
            if settings.snowflake_error_integration
            else "",
            "error_integration_name": settings.snowflake_error_integration or "NONE_IS_SET",
            "loader_public_key": public_key(settings.snowflake_loader_public_key_path),
            "reader_public_key": public_key(settings.snowflake_reader_public_key_path),
            **sql_fragments(),
            **edition_fragments(),
            "landing_url": f"s3://{settings.s3_bucket}/{prefix}landing/",
            "export_url": f"s3://{settings.s3_bucket}/{prefix}export/",
            "published_daily": published_columns(DAILY),
            "published_monthly": published_columns(MONTHLY),
            "export_columns": ", ".join(
                f'{name} AS "{name}"'
                for name in (*VARIABLE_NAMES, *FLAG_NAMES.values(), "qc_tests")
            ),
        }

    def text(self, name: str, table: str = "") -> str:
        """The statement of `name`, such as "clean/merge_observations".

        Args:
            name: folder and file, without the ending.
            table: of `PIPE_TABLES`, for a statement that is written for each of them.
        """
        names = {**self._names, "table": table.upper()} if table in PIPE_TABLES else self._names
        source = (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
        return re.sub(r"\$\{(\w+)\}", lambda match: names[match[1]], source)

    def names(self, folder: str) -> list[str]:
        """The statements of a folder, in the order of their file names."""
        return sorted(f"{folder}/{path.stem}" for path in (_FOLDER / folder).glob("*.sql"))


def published_columns(variables: tuple[PublishedVariable, ...]) -> str:
    """A column for each variable, from rows that hold one value each."""
    return ", ".join(
        f"MAX(IFF(variable = '{name}', value, NULL)) AS {name}"
        for name in published_names(variables)
    )


def public_key(path: Path | None) -> str:
    """A PEM file's base64, without its first and last line, as RSA_PUBLIC_KEY wants it.

    Raises:
        SettingsError: the file holds no public key.
    """
    if path is None:
        return ""
    found = re.fullmatch(
        r"\s*-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----\s*",
        path.read_text(encoding="utf-8", errors="replace"),
    )
    if not found:
        raise SettingsError(
            f"{path}: expected a public key in PEM (BEGIN PUBLIC KEY); found something else.",
            remedy="openssl pkey -in key.p8 -pubout -out key.pub",
        )
    return "".join(found[1].split())


def edition_fragments() -> dict[str, str]:
    """What the statements that compare and combine editions say of every variable.

    `variables` of a reading has a bit for each variable that its file has a column of. A reading
    may repeat hours when it holds one twice itself, or another of its station holds hours between
    its first and last.
    """
    hour = "PARTITION BY observations.station_id, observations.observed_at"

    def count(condition: str) -> str:
        cells = (
            f"BITAND(variables, {bit}) > 0 AND {condition.format(name=name)}"
            for name, bit in VARIABLE_BITS.items()
        )
        return " + ".join(f"IFF({cell}, 1, 0)" for cell in cells)

    def before(name: str, bit: int) -> str:
        said = f"IFF(BITAND(contested.variables, {bit}) > 0, {known(name)}, NULL)"
        lagged = f"LAG({said}) IGNORE NULLS OVER ({hour} ORDER BY contested.edition)"
        return f"NULLIF({lagged}, {_SAID_MISSING}) AS {name}_before"

    def known(name: str) -> str:
        return f"COALESCE(observations.{name}, {_SAID_MISSING})"

    def newest(name: str, bit: int) -> str:
        having = f"IFF(BITAND(batch.variables, {bit}) > 0, batch.edition, NULL)"
        return f"MAX({having}) OVER ({hour}) AS {name}_edition"

    series = "PARTITION BY station_id ORDER BY first_hour, last_hour, observations_key, reading_id"
    before_it = f"{series} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"
    return {
        "batch_may_repeat": (
            "COALESCE(repeated_hour_count, 1) > 0 "
            f"OR first_hour <= MAX(last_hour) OVER ({before_it}) "
            f"OR last_hour >= LEAD(first_hour) OVER ({series})"
        ),
        "all_variables": str(sum(VARIABLE_BITS.values())),
        "edition_newest_of_each": ", ".join(newest(*it) for it in VARIABLE_BITS.items()),
        "edition_of_newest": ", ".join(
            f"MAX(IFF(readings.edition = readings.{name}_edition, readings.{name}, NULL)) AS {name}"
            for name in VARIABLE_NAMES
        ),
        "edition_row_values": ", ".join(f"observations.{name}" for name in VARIABLE_NAMES),
        "edition_previous_values": ", ".join(before(*it) for it in VARIABLE_BITS.items()),
        "edition_filled": count("{name}_before IS NULL AND {name} IS NOT NULL"),
        "edition_blanked": count("{name}_before IS NOT NULL AND {name} IS NULL"),
        "edition_changed": count("{name}_before <> {name}"),
        "edition_any_value": f"COALESCE({', '.join(VARIABLE_NAMES)})",
        "edition_any_before": f"COALESCE({', '.join(f'{n}_before' for n in VARIABLE_NAMES)})",
    }
