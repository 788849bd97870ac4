"""What a statement's rows are for the connector."""

from __future__ import annotations

from datetime import UTC, datetime, timezone

import pytest

from inmet_platform.warehouse.session import Session


@pytest.mark.parametrize(
    ("kind", "zone"), [("NTZ", None), ("LTZ", UTC), ("TZ", UTC)], ids=lambda it: str(it)
)
def test_a_missing_time_is_none_and_not_1970(
    session: Session, kind: str, zone: timezone | None
) -> None:
    text = "'2020-01-01 00:00:00'" if zone is None else "'2020-01-01 00:00:00 +0000'"
    rows = session.query_text(
        f"SELECT {text}::TIMESTAMP_{kind} AS at, 1 AS n UNION ALL SELECT NULL, 2 ORDER BY n"
    )
    assert [row["at"] for row in rows] == [datetime(2020, 1, 1, tzinfo=zone), None]


def test_the_earliest_of_no_times_is_none(session: Session) -> None:
    [row] = session.query_text("SELECT MIN(observed_at) AS first FROM CLEAN.OBSERVATIONS")
    assert row["first"] is None
