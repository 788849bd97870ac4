"""Snowflake through Dagster's own `SnowflakeResource`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from inmet_platform.resources.home import HomeResource
from inmet_platform.warehouse.session import Session, open_session

# SnowflakeResource's own names for two arguments of the connector.
_RENAMED = {
    "private_key_file": "private_key_path",
    "private_key_file_pwd": "private_key_password",
}


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
    # Importing dagster_snowflake takes some 6 s, so it happens only when a session is opened.
    from dagster_snowflake import SnowflakeResource

    arguments = {_RENAMED.get(name, name): value for name, value in arguments.items()}
    fields = {field.alias or name for name, field in SnowflakeResource.model_fields.items()}
    own = {name: arguments.pop(name) for name in fields & arguments.keys()}
    resource = SnowflakeResource(**own, additional_snowflake_connection_args=arguments)
    return opened.enter_context(resource.get_connection())
