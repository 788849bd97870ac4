"""A session on Snowflake: runs the statements of `sql/` with bound values.

It uses the Snowflake connector and knows nothing of Dagster. The assets get their connection from
Dagster's `SnowflakeResource` (`resources/snowflake.py`), the command line from the connector
itself. Both use `Session`, which translates the connector's errors and closes what it opened.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from inmet_platform.config.settings import Settings
from inmet_platform.errors import SignInError, WarehouseError
from inmet_platform.warehouse.sql import Statements

Row = dict[str, Any]

# Of the values of a statement; Snowflake takes 1 MB of text.
MOST_CHARACTERS = 600_000

LOGIN_TIMEOUT_S = 15
_setting_timeout = threading.Lock()

# Login errors that a repetition does not change: 390… (user, password, token, role), 394… (JWT).
# The connector raises 2510… itself, before it asks Snowflake.
_REFUSED = (range(251005, 251009), range(390000, 391000), range(394000, 395000))
_NO_OAUTH_ANSWER, _NO_OAUTH_TOKEN = 250003, 250006


class Session:
    """An open session. Rows come back as dicts with lower-case column names."""

    def __init__(self, connection: Any, statements: Statements) -> None:
        """Wrap a connection of the connector; the caller closes it."""
        self._connection = connection
        self.statements = statements

    def query(self, name: str, *, table: str = "", **values: Any) -> list[Row]:
        """Run a statement of `sql/`, for a pipe's table when it names one, and fetch every row."""
        return self.query_text(self.statements.text(name, table), values)

    def query_text(self, text: str, values: dict[str, Any] | None = None) -> list[Row]:
        """Run any statement and fetch every row."""
        with self._cursor() as cursor:
            cursor.execute(text, values or None)
            names = [column.name.lower() for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def execute(self, name: str, **values: Any) -> int:
        """Run a statement of `sql/`; return the rows it changed."""
        with self._cursor() as cursor:
            cursor.execute(self.statements.text(name), values or None)
            return int(cursor.rowcount or 0)

    def execute_many(self, name: str, rows: Sequence[dict[str, Any]]) -> None:
        """Run an INSERT of `sql/` for many rows, some thousand in a statement.

        The connector writes all rows of a call into one statement, whose size is limited.
        """
        for some in _portions(rows):
            with self._cursor() as cursor:
                cursor.executemany(self.statements.text(name), some)

    @contextmanager
    def _cursor(self) -> Iterator[Any]:
        from snowflake.connector.errors import Error

        try:
            with self._connection.cursor() as cursor:
                yield cursor
        except Error as error:
            raise WarehouseError(
                f"Snowflake refused a statement: {error.msg}",
                remedy=f"(error {error.errno}, query {error.sfqid})",
            ) from error


def _portions(rows: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    """Rows together, as many as a statement can hold."""
    first, characters = 0, 0
    for number, row in enumerate(rows):
        size = sum(len(str(value)) + 4 for value in row.values())
        if characters + size > MOST_CHARACTERS and number > first:
            yield rows[first:number]
            first, characters = number, 0
        characters += size
    if rows:
        yield rows[first:]


@contextmanager
def open_session(
    settings: Settings,
    *,
    tag: str,
    connect: Callable[..., Any] | None = None,
    database: str | None = "",
    role: str | None = None,
) -> Iterator[Session]:
    """Sign in, yield a session, close it whatever happens.

    Args:
        settings: account, user and endpoint.
        tag: query tag, such as "dagster:<run>:<asset>", for the account's query history.
        connect: takes the connector's keyword arguments; the connector's own by default.
        database: None before the database exists; the configured one by default.
        role: the configured one by default.

    Raises:
        SignInError: user, password or key refused.
        WarehouseError: the endpoint does not answer.
    """
    from snowflake.connector import connect as connector_connect
    from snowflake.connector.errors import Error

    arguments = connection_arguments(settings, tag=tag)
    if database is None:
        del arguments["database"], arguments["schema"]
    if role:
        arguments["role"] = role
    try:
        with _bounded_sockets(settings):
            connection = (connect or connector_connect)(**arguments)
    except (Error, ValueError, TypeError) as error:  # the latter two: a key that cannot be read
        raise _sign_in_failure(settings, error) from error
    try:
        yield Session(connection, Statements(settings))
    finally:
        connection.close()


def connection_arguments(settings: Settings, *, tag: str) -> dict[str, Any]:
    """Keyword arguments of the connector: either endpoint, either way to sign in."""
    arguments: dict[str, Any] = {
        "account": settings.snowflake_account,
        "user": settings.snowflake_user,
        "warehouse": settings.snowflake_warehouse,
        "database": settings.snowflake_database,
        "schema": settings.snowflake_schema,
        "role": settings.snowflake_role,
        "host": settings.snowflake_host,
        "port": settings.snowflake_port,
        "protocol": settings.snowflake_protocol,
        "session_parameters": {"QUERY_TAG": tag, "TIMEZONE": "UTC"},
        # Infinite by default: an endpoint that is gone must be an error, not a hang.
        "login_timeout": LOGIN_TIMEOUT_S,
        "network_timeout": 600,
    }
    arguments |= settings.snowflake_arguments()
    return {name: value for name, value in arguments.items() if value is not None}


@contextmanager
def _bounded_sockets(settings: Settings) -> Iterator[None]:
    """Give the connector's question to an OAuth server a timeout: it sets none itself.

    The default timeout belongs to the process, so one sign-in at a time changes it and restores it.
    """
    if not settings.snowflake_oauth_client_id:
        yield
        return
    with _setting_timeout:
        before = socket.getdefaulttimeout()
        socket.setdefaulttimeout(LOGIN_TIMEOUT_S)
        try:
            yield
        finally:
            socket.setdefaulttimeout(before)


def _sign_in_failure(settings: Settings, error: Any) -> WarehouseError:
    where = settings.snowflake_host or f"{settings.snowflake_account}.snowflakecomputing.com"
    message = str(getattr(error, "msg", None) or error).strip()
    if not isinstance(getattr(error, "errno", None), int):
        return SignInError(
            f"SNOWFLAKE_PRIVATE_KEY_PATH: the key cannot be read: {message}",
            remedy="It must be a PEM key; SNOWFLAKE_PRIVATE_KEY_PASSWORD is its passphrase.",
        )
    if settings.snowflake_oauth_client_id and error.errno in (_NO_OAUTH_ANSWER, _NO_OAUTH_TOKEN):
        refused = error.errno == _NO_OAUTH_TOKEN
        return (SignInError if refused else WarehouseError)(
            f"The OAuth server at {settings.snowflake_oauth_token_url} gave no token: {message}",
            remedy="Check SNOWFLAKE_OAUTH_TOKEN_URL, SNOWFLAKE_OAUTH_CLIENT_ID, "
            "SNOWFLAKE_OAUTH_CLIENT_SECRET and SNOWFLAKE_OAUTH_SCOPE.",
        )
    if any(error.errno in numbers for numbers in _REFUSED):
        return SignInError(
            f"Snowflake at {where} refused user {settings.snowflake_user!r}: {message}",
            remedy="Check SNOWFLAKE_USER and SNOWFLAKE_PASSWORD or SNOWFLAKE_PRIVATE_KEY_PATH, "
            "SNOWFLAKE_TOKEN, SNOWFLAKE_OAUTH_CLIENT_ID, and SNOWFLAKE_ROLE.",
        )
    return WarehouseError(
        f"Snowflake at {where}:{settings.snowflake_port} did not answer: {message.rstrip('.')}.",
        remedy="See that the endpoint runs (`inmet up`), and check SNOWFLAKE_ACCOUNT, "
        "SNOWFLAKE_HOST and SNOWFLAKE_PORT.",
    )
