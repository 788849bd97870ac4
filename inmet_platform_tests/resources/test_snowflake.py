"""Dagster's own resource gives the connection, without what only its other methods need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from inmet_platform.resources.snowflake import SnowflakeWarehouse
from inmet_platform_tests.embedded import EmbeddedCloud


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


def test_a_session_is_closed_on_the_server_too_and_ends_without_an_error(
    embedded_cloud: EmbeddedCloud, tmp_path: Path
) -> None:
    """A connector that holds a master token, as Snowflake gives it, closes for good."""
    settings = embedded_cloud.tenant(tmp_path)
    warehouse = SnowflakeWarehouse(home=str(settings.home))
    with warehouse.session("test") as session:
        assert session.query_text("SELECT 1 AS one") == [{"one": 1}]
        connection = session._connection
    assert connection.is_closed()
