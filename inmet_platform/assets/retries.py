"""Which failures of a step are tried again: a silent endpoint, and a lease that was lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from inmet_platform.errors import LeaseLost, SignInError

MOST_RETRIES = 3
PAUSE_S = 20.0

# The connector's numbers: no connection (250001, 250003, 250005), no answer (251011, 251012), a
# session or a part of a result that could not be fetched (252007, 252010, 252014).
_SNOWFLAKE_SILENT = {250001, 250003, 250005, 251011, 251012, 252007, 252010, 252014}
# By name, so that no client is imported for it.
_CLIENTS_SILENT = {
    *("botocore.exceptions.HTTPClientError", "botocore.exceptions.ConnectionError"),
    *("requests.exceptions.ConnectionError", "requests.exceptions.Timeout"),
    *("urllib3.exceptions.NewConnectionError", "urllib3.exceptions.ProtocolError"),
    *("urllib3.exceptions.TimeoutError", "httpx.TransportError"),
}


@contextmanager
def retrying(pause_s: float = PAUSE_S) -> Iterator[None]:
    """Have Dagster try the step again when an endpoint does not answer.

    What is refused (a file, a statement, a sign-in) is refused again, so it fails at once. Every
    step of the chain may be repeated: it takes what is pending.

    Args:
        pause_s: before the next try, in seconds.

    Raises:
        dagster.RetryRequested: from the error, at most `MOST_RETRIES` times in a run.
    """
    try:
        yield
    except Exception as error:
        if not is_transient(error):
            raise
        raise dg.RetryRequested(MOST_RETRIES, pause_s) from error


def is_transient(error: BaseException | None) -> bool:
    """Whether an error, or what caused it, may be gone at the next try."""
    while error is not None:
        if isinstance(error, SignInError):  # has the number of a failed connection, too
            return False
        if isinstance(error, ConnectionError | TimeoutError | LeaseLost):
            return True
        if getattr(error, "errno", None) in _SNOWFLAKE_SILENT:
            return True
        names = {f"{it.__module__}.{it.__qualname__}" for it in type(error).__mro__}
        if names & _CLIENTS_SILENT:
            return True
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return False
