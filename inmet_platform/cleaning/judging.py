"""Judges CLEAN anew, a year at a time: brings a change of the quality rules to rows that are there.

A MERGE judges only what it merges, and it merges only newer editions. Here the rows stay, each of
the edition it shows; only values, flags and `qc_tests` follow the rules of today. The result is
what a load from nothing would give.

A year is judged with the hours beside it whose verdict hangs on it: the last hour of the year
before, which looks ahead for rain, and the first 23 of the next year, which look back. Each year is
done for itself and then written down in `CLEAN.JUDGED_YEARS`; when one is interrupted, the next
call without years goes on with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from inmet_platform.cleaning.series import LOOK_AHEAD, LOOK_BACK, judge_series
from inmet_platform.inmet.quality.flags import rules_digest
from inmet_platform.warehouse.session import Row, Session
from inmet_platform.warehouse.timestamps import utc_now


@dataclass(frozen=True)
class Judged:
    """A year, and how many of its rows (and of the hours beside it) are judged differently now."""

    of_year: int
    values_changed: int
    flags_changed: int


def present_years(session: Session) -> list[Row]:
    """The years of CLEAN: `of_year`, `row_count`, `merged_at`, and `is_judged` by today's rules."""
    return session.query("clean/select_years", rules=rules_digest())


def judge_years(session: Session, years: Iterable[int], say: Callable[[str], None]) -> list[Judged]:
    """Judge years one after the other, each whatever was done before.

    Args:
        session: where CLEAN and RAW are.
        years: which, such as 2019; one that CLEAN lacks changes nothing.
        say: is called with a sentence for each year that is done.
    """
    done = []
    for year in years:
        judged = _judge(session, year)
        say(
            f"{year} judged: {judged.values_changed:,} hours have other values, "
            f"{judged.flags_changed:,} other flags"
        )
        done.append(judged)
    return done


def _judge(session: Session, year: int) -> Judged:
    start, end = datetime(year, 1, 1), datetime(year + 1, 1, 1)  # noqa: DTZ001 - naive UTC, as CLEAN
    as_of = utc_now()
    session.execute("clean/create_year_batch", from_hour=start, until_hour=end)
    session.execute("clean/create_sun_days")
    session.execute("clean/create_repeated_hours")
    session.execute("clean/create_mixed_hours")
    values = sum(
        session.execute(
            "clean/judge_observations",
            now=utc_now(),
            as_of=as_of,
            from_hour=first,
            until_hour=following,
        )
        for first, following in pairwise(_quarters(year))
    )
    session.execute(
        "clean/create_year_stations",
        from_hour=start - LOOK_AHEAD,
        until_hour=end + LOOK_BACK - LOOK_AHEAD,
    )
    flags = judge_series(session)
    session.execute("clean/merge_judged_year", of_year=year, rules=rules_digest(), now=utc_now())
    return Judged(year, values, flags)


def _quarters(year: int) -> list[datetime]:
    """Where each quarter begins, and the next year: a quarter of the network fits into memory."""
    months = [(year, month) for month in (1, 4, 7, 10)]
    return [datetime(*of, 1) for of in [*months, (year + 1, 1)]]  # noqa: DTZ001
