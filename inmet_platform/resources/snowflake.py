"""Snowflake through Dagster's own `SnowflakeResource`."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import Any

from inmet_platform.resources.home import HomeResource
from inmet_platform.warehouse.session import Session, open_session

# SnowflakeResource's own names for two arguments of the connector.
_RENAMED = {
    "private_key_file": "private_key_path",
    "private_key_file_pwd": "private_key_password",
}


# What dagster_snowflake imports for methods that nothing here calls: Snowpark and Snowflake's
# Python API. They are five of its eight seconds (measured), in every process that runs an asset.
_NOT_NEEDED = (
    *("snowflake.snowpark", "snowflake.core", "snowflake.core.database", "snowflake.core.pipe"),
    *("snowflake.core.schema", "snowflake.core.stage", "snowflake.core.table"),
    "snowflake.core.view",
)


_importing = threading.Lock()


class _NotImported(ModuleType):
    """Stands for a module while another imports names from it."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {"__module__": self.__name__})


def import_snowflake_resource() -> Any:
    """Dagster's resource without Snowpark and Snowflake's Python API, and what needs them."""
    with _importing:
        is_imported = "dagster_snowflake" in sys.modules
        absent = [] if is_imported else [it for it in _NOT_NEEDED if it not in sys.modules]
        sys.modules.update({name: _NotImported(name) for name in absent})
        try:
            from dagster_snowflake import SnowflakeResource
        finally:
            for name in absent:
                sys.modules.pop(name, None)
    return SnowflakeResource


class SnowflakeWarehouse(HomeResource):
    """The warehouse of the configured account or local endpoint."""

    @contextmanager
    def session(self, tag: str) -> Iterator[Session]:
        """A session whose statements carry the query tag; it is closed in any case."""
        with (
            ExitStack() as opened,
            open_session(
                self.settings, tag=tag, connect=lambda **arguments: _connect(opened, arguments)
            ) as session,
        ):
            yield session


def _connect(opened: ExitStack, arguments: dict[str, Any]) -> Any:
    resource_class = import_snowflake_resource()
    arguments = {_RENAMED.get(name, name): value for name, value in arguments.items()}
    fields = {field.alias or name for name, field in resource_class.model_fields.items()}
    own = {name: arguments.pop(name) for name in fields & arguments.keys()}
    # Each statement commits by itself, as by default; without the word Dagster commits once more at
    # the end, on a connection that is closed by then, and fails.
    resource = resource_class(
        **own, autocommit=True, additional_snowflake_connection_args=arguments
    )
    return opened.enter_context(resource.get_connection())
