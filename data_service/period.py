"""A period as people ask for it: local days or moments.

A label is the end of its hour. An hour belongs to the period when it lies in it as a whole, and
to the local hour, day and month in which it begins: that of 00:00 to the day before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from data_service.problems import BadParameter, TooLarge

HOUR = timedelta(hours=1)
DEFAULT_DAYS = 30
EARLIEST, LATEST = 1900, 2100
MOST_YEARS = 60


@dataclass(frozen=True)
class Period:
    """From `first` to `last` (UTC, without zone), seen in `zone`."""

    first: datetime
    last: datetime
    zone: ZoneInfo

    @property
    def since(self) -> datetime:
        """Its begin in its zone."""
        return in_zone(self.first, self.zone)

    @property
    def until(self) -> datetime:
        """Its end in its zone."""
        return in_zone(self.last, self.zone)

    @property
    def first_day(self) -> date:
        """The local day in which it begins."""
        return self.since.date()

    @property
    def last_day(self) -> date:
        """The local day of its last moment."""
        return (self.until - timedelta(microseconds=1)).date()

    @property
    def first_label(self) -> datetime:
        """The first full hour after `first` whose hour lies in the period, UTC."""
        floor = self.first.replace(minute=0, second=0, microsecond=0)
        return floor + (HOUR if floor == self.first else 2 * HOUR)

    @property
    def hours(self) -> int:
        """How many labels it has."""
        return max(0, (self.last - self.first_label) // HOUR + 1)


def in_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    """A moment of UTC without zone as it is in `zone`."""
    return moment.replace(tzinfo=UTC).astimezone(zone)


def period_of(
    since: str | None, until: str | None, zone: ZoneInfo, newest: datetime | None
) -> Period:
    """What is asked for, checked.

    Args:
        since: ISO date, whose local midnight it is, or time; 30 days before the end without it.
        until: ISO date, which belongs to the period, or time; the newest label without it,
            or 30 days after `since` when that is later.
        zone: of dates, and of times without one.
        newest: UTC without zone; now when there is none.

    Raises:
        BadParameter: no date, or the period ends before it begins.
        TooLarge: of more than 60 years.
    """
    last = _moment("to", until, zone, is_end=True) if until else newest
    last = last or datetime.now(UTC).replace(tzinfo=None, minute=0, second=0, microsecond=0)
    days = timedelta(days=DEFAULT_DAYS)
    first = _moment("from", since, zone, is_end=False) if since else last - days
    if until is None and first >= last:  # the station fell silent before
        last = first + days
    if first >= last:
        raise BadParameter(
            f"The period begins at its end or after it: from {first:%Y-%m-%d %H:%M} "
            f"to {last:%Y-%m-%d %H:%M} UTC.",
            remedy="Exchange the two, or name both.",
        )
    if last - first > timedelta(days=366 * MOST_YEARS):
        raise TooLarge(f"The period is longer than {MOST_YEARS} years.", remedy="Ask for less.")
    return Period(first, last, zone)


def _moment(name: str, text: str, zone: ZoneInfo, *, is_end: bool) -> datetime:
    # An unescaped + of an offset arrives as a space.
    text = re.sub(r"(T.*) (\d\d:?\d\d)$", r"\1+\2", text.strip())
    try:
        moment = _parsed(text, zone, is_end=is_end)
    except (ValueError, OverflowError) as error:
        raise BadParameter(
            f"{name}: expected a date such as 2024-01-31 or a time such as 2024-01-31T12:00-03:00, "
            f"of the years {EARLIEST} to {LATEST}; found {text!r}."
        ) from error
    return moment.astimezone(UTC).replace(tzinfo=None)


def _parsed(text: str, zone: ZoneInfo, *, is_end: bool) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        moment = datetime.fromisoformat(text)
    else:
        moment = datetime.combine(day + timedelta(days=is_end), datetime.min.time())
    if not EARLIEST <= moment.year <= LATEST:
        raise ValueError(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
