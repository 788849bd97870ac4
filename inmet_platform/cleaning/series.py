"""Judges hours by the rules that look at their neighbours: RAW → CLEAN and a year judged anew."""

from __future__ import annotations

from datetime import datetime, timedelta

from inmet_platform.warehouse.session import Session
from inmet_platform.warehouse.timestamps import utc_now

# The longest that a rule on a series looks back, and ahead.
LOOK_BACK = timedelta(hours=24)
LOOK_AHEAD = timedelta(hours=1)


def judge_series(session: Session) -> int:
    """Flag the hours of the temporary table TOUCHED_STATIONS; return how many rows changed."""
    [touched] = session.query("clean/select_touched_period")
    from_hour, until_hour = touched["from_hour"], touched["until_hour"]
    if from_hour is None:
        return 0
    return session.execute(
        "clean/judge_series",
        now=utc_now(),
        from_hour=from_hour,
        until_hour=until_hour,
        looks_back_to=from_hour - LOOK_BACK,
        looks_ahead_to=until_hour + LOOK_AHEAD,
        years_from=from_hour.replace(month=1, day=1, hour=0),
        years_until=datetime(until_hour.year + 1, 1, 1),  # noqa: DTZ001 - naive UTC, as CLEAN
    )
