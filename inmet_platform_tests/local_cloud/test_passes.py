"""The passes of fakesnow that are left out would have changed nothing."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fakesnow.dialect import parse_one
from fakesnow.variables import Variables
from sqlglot import Expr

from inmet_platform.warehouse.sql import Statements
from inmet_platform_tests import fidelity
from inmet_platform_tests.warehouse.written import bound_to_null
from local_cloud import passes
from local_cloud.statement import command_of

NOW = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00")  # a stage or a file format notes it

CHANGED_BY = {
    "alter_session": "ALTER SESSION SET AUTOCOMMIT = FALSE",
    "current_version": "SELECT CURRENT_VERSION()",
    "set_schema": "USE SCHEMA raw",
    "create_database": "CREATE DATABASE other",
    "extract_comment_on_table": "COMMENT ON TABLE t IS 'rain'",
    "extract_comment_on_columns": "ALTER TABLE t ALTER a COMMENT 'mm'",
    "drop_schema_cascade": "DROP SCHEMA raw",
    "tag": "ALTER TABLE t SET TAG a = 'b'",
    "semi_structured_types": "SELECT a::VARIANT FROM t",
    "split": "SELECT SPLIT(a, ',') FROM t",
    "trim_cast_varchar": "SELECT TRIM(a) FROM t",
    "indices_to_json_extract": "SELECT a[0] FROM t",
    "json_extract_cast_as_varchar": "SELECT a:b::VARCHAR FROM t",
    "json_extract_cased_as_varchar": "SELECT UPPER(a:b) FROM t",
    "json_extract_precedence": "SELECT a:b FROM t",
    "flatten_value_cast_as_varchar": "SELECT VALUE::VARCHAR FROM LATERAL FLATTEN(INPUT => a)",
    "flatten": "SELECT f.value FROM t, LATERAL FLATTEN(INPUT => t.a) f",
    "regex_replace": r"SELECT REGEXP_REPLACE(a, '\\d') FROM t",
    "regex_substr": r"SELECT REGEXP_SUBSTR(a, '\\d') FROM t",
    "result_scan": "SELECT * FROM TABLE(RESULT_SCAN('an-id'))",
    "values_columns": "SELECT * FROM VALUES (1, 2)",
    "timestamp_offsets": "SELECT '2024-01-01 00:00:00 +0000'::TIMESTAMP_TZ",
    "to_decimal": "SELECT TO_NUMBER(a) FROM t",
    "to_variant": "SELECT TO_VARIANT(a) FROM t",
    "object_construct": "SELECT OBJECT_CONSTRUCT('a', 1)",
    "timestamp_ntz": "CREATE TABLE t (a TIMESTAMP_NTZ)",
    "float_to_double": "CREATE TABLE t (a FLOAT4)",
    "extract_text_length": "CREATE TABLE t (a VARCHAR(3))",
    "array_size": "SELECT ARRAY_SIZE(a) FROM t",
    "random": "SELECT RANDOM()",
    "array_agg_within_group": "SELECT ARRAY_AGG(a) WITHIN GROUP (ORDER BY b) FROM t",
    "array_agg": "SELECT ARRAY_AGG(a) FROM t",
    "object_agg": "SELECT OBJECT_AGG(a, b) FROM t",
    "array_construct_etc": "SELECT ARRAY_CONSTRUCT(1, 2)",
    "dateadd_date_cast": "SELECT DATEADD(DAY, 3, '2024-03-03'::DATE)",
    "dateadd_string_literal_timestamp_cast": "SELECT DATEADD(DAY, 3, '2024-03-03')",
    "datediff_string_literal_timestamp_cast": "SELECT DATEDIFF(DAY, '2024-03-03', a) FROM t",
    "show_databases": "SHOW DATABASES",
    "show_functions": "SHOW USER FUNCTIONS",
    "show_procedures": "SHOW PROCEDURES",
    "show_parameters": "SHOW PARAMETERS LIKE 'TIMEZONE'",
    "show_warehouses": "SHOW WAREHOUSES",
    "show_schemas": "SHOW SCHEMAS",
    "show_tables_etc": "SHOW TABLES",
    "show_columns": "SHOW COLUMNS",
    "show_stages": "SHOW STAGES",
    "show_sequences": "SHOW SEQUENCES",
    "show_keys": "SHOW PRIMARY KEYS",
    "show_users": "SHOW USERS",
    "create_user": "CREATE USER somebody",
    "haversine": "SELECT HAVERSINE(1, 2, 3, 4)",
    "hex_string": "SELECT X'AB'",
    "sha256": "SELECT SHA2_BINARY(a) FROM t",
    "create_clone": "CREATE TABLE t CLONE u",
    "alter_table_strip_cluster_by": "ALTER TABLE t CLUSTER BY (a)",
    "create_stage": "CREATE STAGE s URL = 's3://b/'",
    "create_file_format": "CREATE FILE FORMAT f TYPE = 'CSV'",
    "list_stage": "LIST @s",
    "put_stage": "PUT 'file:///tmp/nothing.csv' @s",
    "create_table_as": "CREATE TABLE t (a INT) AS SELECT 1",
}


def _cursor() -> Any:
    connection = SimpleNamespace(
        database="INMET", schema="RAW", db_path=Path(), variables=Variables(), table_stages=None
    )
    return SimpleNamespace(_conn=connection, _duck_conn=None)


def _made(translate: Any, tree: Expr) -> tuple[str, list[str]]:
    """The statement for DuckDB, and what fakesnow notes beside it."""
    made = translate(_cursor(), tree.copy(), [])
    notes = [repr(note) for note in made.args.items()]
    text, *noted = (NOW.sub("now", it) for it in [made.sql(dialect="duckdb"), *sorted(notes)])
    return text, noted


def test_every_pass_that_may_be_left_out_has_a_statement_that_needs_it() -> None:
    assert list(CHANGED_BY) == list(passes.LOOKED_AT)


@pytest.mark.parametrize("name", CHANGED_BY)
def test_a_pass_is_done_in_a_statement_that_needs_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = parse_one(CHANGED_BY[name])
    done = _made(passes.translated, tree)
    assert done == _made(passes._all_passes, tree)
    monkeypatch.setitem(passes.LOOKED_AT, name, ())
    assert _made(passes.translated, tree) != done, f"{name} changes nothing in this statement"


@pytest.mark.parametrize("name", fidelity.statement_names())
def test_a_statement_of_ours_is_translated_as_by_all_passes(name: str, written: Statements) -> None:
    text = bound_to_null(name, written)
    if (command_of(text) or ("", ""))[1] == "USER":
        return  # done without fakesnow, which takes no options of a user
    tree = parse_one(text)
    assert _made(passes.translated, tree) == _made(passes._all_passes, tree)
