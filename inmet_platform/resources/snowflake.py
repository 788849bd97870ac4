"""Snowflake through Dagster's own `SnowflakeResource`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from inmet_platform.resources.home import HomeResource
from inmet_platform.warehouse.session import Session, open_session


class SnowflakeWarehouse(HomeResource):
    """The warehouse of the configured account or local endpoint."""

    @contextmanager
    def session(self, tag: str) -> Iterator[Session]:
        """A session whose statements carry the query tag; closed on every way out."""
        with (
            ExitStack() as opened,
            open_session(
                self.settings, tag=tag, connect=lambda **arguments: _connect(opened, arguments)
            ) as session,
        ):
            yield session


def _connect(opened: ExitStack, arguments: dict[str, Any]) -> Any:
    # Importing dagster_snowflake takes some 6 s, so only what speaks to Snowflake pays for it.
    from dagster_snowflake import SnowflakeResource

    own = {
        "account",
        "user",
        "password",
        "database",
        "schema",
        "warehouse",
        "role",
        "authenticator",
    }
    resource = SnowflakeResource(
        **{name: value for name, value in arguments.items() if name in own},
        **_private_key(arguments),
        additional_snowflake_connection_args={
            name: value
            for name, value in arguments.items()
            if name not in own and not name.startswith("private_key")
        },
    )
    return opened.enter_context(resource.get_connection())


def _private_key(arguments: dict[str, Any]) -> dict[str, Any]:
    names = {
        "private_key_file": "private_key_path",
        "private_key_file_pwd": "private_key_password",
    }
    return {theirs: arguments[ours] for ours, theirs in names.items() if ours in arguments}
