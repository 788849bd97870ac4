"""A session as every part of the platform gets it."""

from __future__ import annotations

import time

import pytest

from inmet_platform.config.settings import Settings
from inmet_platform.errors import WarehouseError
from inmet_platform.warehouse.session import open_session


def test_a_statement_that_snowflake_refuses_is_one_sentence(shared_settings: Settings) -> None:
    with (
        open_session(shared_settings, tag="test") as session,
        pytest.raises(WarehouseError, match="Snowflake refused a statement"),
    ):
        session.query_text("SELECT * FROM RAW.NO_SUCH_TABLE")


def test_time_is_utc_in_every_session(shared_settings: Settings) -> None:
    with open_session(shared_settings, tag="test") as session:
        [row] = session.query_text("SELECT CURRENT_TIMESTAMP()::TIMESTAMP_NTZ AS now")
    assert abs(row["now"].timestamp() - time.time() + time.timezone) < 120
