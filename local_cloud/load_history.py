"""COPY_HISTORY over the load history that the embedded pipes keep."""

from __future__ import annotations

import re

from local_cloud.answers import literal

_HISTORY = re.compile(
    r"TABLE\s*\(\s*INFORMATION_SCHEMA\.COPY_HISTORY\s*\((?P<arguments>(?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)\s*\)",
    re.IGNORECASE,
)


def with_load_history(statement: str, database: str | None) -> str:
    """The statement with `TABLE(INFORMATION_SCHEMA.COPY_HISTORY(…))` as a subquery."""
    return _HISTORY.sub(lambda match: _history(match["arguments"], database), statement)


def _history(arguments: str, database: str | None) -> str:
    """COPY_HISTORY as a subquery over the load history of the session's database."""
    given = {
        key.strip().upper(): value.strip()
        for key, _, value in (part.partition("=>") for part in _split_arguments(arguments))
    }
    table = given["TABLE_NAME"].strip("'").upper().replace('"', "").split(".")
    until = given.get("END_TIME", "CURRENT_TIMESTAMP()")
    schema = f"AND table_schema = {literal(table[-2])}" if len(table) > 1 else ""
    return f"""(
        SELECT file_name, stage_location, loaded_at AS last_load_time, row_count,
            row_count AS row_parsed, file_size, first_error AS first_error_message,
            NULL::INTEGER AS first_error_line_number, NULL::INTEGER AS first_error_character_pos,
            NULL::VARCHAR AS first_error_column_name,
            CASE WHEN status = 'Loaded' THEN 0 ELSE 1 END AS error_count, 1 AS error_limit, status,
            {literal(database or "")} AS table_catalog_name, table_schema AS table_schema_name,
            table_name, {literal(database or "")} AS pipe_catalog_name,
            SPLIT_PART(pipe, '.', 1) AS pipe_schema_name,
            SPLIT_PART(SPLIT_PART(pipe, '#', 1), '.', 2) AS pipe_name,
            received_at AS pipe_received_time
        FROM {database}._FS_INFORMATION_SCHEMA._PIPE_HISTORY
        WHERE table_name = {literal(table[-1])} {schema}
            AND loaded_at >= ({given["START_TIME"]})::TIMESTAMP_NTZ
            AND loaded_at <= ({until})::TIMESTAMP_NTZ
    )"""  # noqa: S608 - the session's own statement, rewritten


def _split_arguments(arguments: str) -> list[str]:
    """At the commas that stand in no parentheses."""
    parts, depth = [""], 0
    for char in arguments:
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return parts
