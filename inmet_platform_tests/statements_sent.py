"""Counts the statements that this process sends to Snowflake."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from snowflake.connector.cursor import SnowflakeCursor


@contextmanager
def statements_sent() -> Iterator[list[str]]:
    """The texts, in their order, as they grow; an `executemany` of an INSERT sends one."""
    sent: list[str] = []
    execute = SnowflakeCursor.execute

    def counting(cursor: SnowflakeCursor, command: str, *arguments: Any, **values: Any) -> Any:
        sent.append(command)
        return execute(cursor, command, *arguments, **values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SnowflakeCursor, "execute", counting)
        yield sent
