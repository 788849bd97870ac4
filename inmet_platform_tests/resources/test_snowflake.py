"""Dagster's own resource gives the connection, without what only its other methods need."""

from __future__ import annotations

import subprocess
import sys


def test_a_process_that_runs_an_asset_imports_neither_snowpark_nor_snowflakes_python_api() -> None:
    code = """
import sys
from inmet_platform.resources.snowflake import import_snowflake_resource
resource = import_snowflake_resource()
import dagster_snowflake
assert resource is dagster_snowflake.SnowflakeResource
found = {name for name in sys.modules if name.startswith(("snowflake.core", "snowflake.snowpark"))}
assert not found, found
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
