"""What a person asks of the clean data: some stations, a period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from inmet_platform.errors import ExportError
from inmet_platform.warehouse.timestamps import as_utc

LAST_LABEL = time(23)


@dataclass(frozen=True)
class Selection:
    """Stations and a period that includes both ends; without stations, all of them."""

    stations: tuple[str, ...] = ()
    first: datetime | None = None
    last: datetime | None = None

    @property
    def period(self) -> str:
        """The period as part of a sentence; empty without a period."""
        since = f" from {self.first:%Y-%m-%d %H:%M}" if self.first else ""
        until = f" to {self.last:%Y-%m-%d %H:%M}" if self.last else ""
        return since + until

    def needs(self, year: int) -> bool:
        """Whether the year has hours of the period."""
        begins = self.first is None or self.first.year <= year
        return begins and (self.last is None or year <= self.last.year)


def selection_of(stations: Sequence[str], since: str | None, until: str | None) -> Selection:
    """Check what a person asks for.

    Args:
        stations: codes such as A001, in capital or small letters.
        since: a date, whose first label is 00:00, or a time; UTC when it has no zone.
        until: a date, whose last label is 23:00, or a time, which belongs to the period.

    Raises:
        ExportError: a time cannot be read, or the period ends before it begins.
    """
    first = _moment("--from", since, time.min) if since else None
    last = _moment("--to", until, LAST_LABEL) if until else None
    if first and last and first > last:
        raise ExportError(
            f"The period begins after its end: --from {since}, --to {until}.",
            remedy="Exchange the two.",
        )
    return Selection(tuple(sorted({code.strip().upper() for code in stations})), first, last)


def _moment(option: str, text: str, label: time) -> datetime:
    try:
        try:
            return datetime.combine(date.fromisoformat(text), label)
        except ValueError:
            return as_utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError) as error:
        raise ExportError(
            f"{option}: expected a date such as 2024-01-31 or a time such as 2024-01-31T12:00; "
            f"found {text!r}."
        ) from error
