"""The texts of dates, hours and timestamps, each read for itself; times.py decides for the file."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache

import pyarrow as pa

from inmet_platform.inmet.readers.zones import offset_minutes

_EPOCH = date(1970, 1, 1).toordinal()

_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
_DIGITS = re.compile(r"(\d{4})()(\d{2})(\d{2})", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", re.ASCII)
# Excel's dates have a time of midnight, in pandas and in R too.
_MIDNIGHT = re.compile(r"[T ]0{1,2}:00(:00(\.0+)?)?$", re.ASCII)
_HHMM = re.compile(
    r"(\d{1,2}):?(\d{2})(?::00(?:\.0+)?)?(?: ?(?:UTC|GMT|Z|h))?", re.IGNORECASE | re.ASCII
)
_COUNT = re.compile(r"(\d{1,4})(?:\.0+)?(?: ?(?:UTC|GMT|h))?", re.IGNORECASE | re.ASCII)
_TWELVE = re.compile(r"(\d{1,2})(?::00){0,2} ?([AP])\.?M\.?", re.IGNORECASE | re.ASCII)
_TIMESTAMP = re.compile(
    r"(\S+?)(?:T|\s+)(\d{1,2}(?::?\d{2}(?::\d{2}(?:\.\d+)?)?)?(?:\s?[AaPp]\.?[Mm]\.?)?)"
    r"\s*(Z|UTC|GMT)?\s*(?:([+-])(\d{2}):?(\d{2})?)?",
    re.ASCII,
)


def timestamp(text: str) -> tuple[str, str, int | None] | None:
    """Date, hour and offset in minutes of a timestamp."""
    if found := _TIMESTAMP.fullmatch(text):
        of_day, hour, utc, sign, hours, minutes = found.groups()
        said = offset_minutes(sign, hours, minutes) if sign else 0 if utc else None
        return None if sign and said is None else (of_day, hour, said)
    # Of a column of timestamps pandas writes midnight as the date alone.
    return (text, "00:00", None) if _YEAR_FIRST.fullmatch(text) else None


def is_year_first(text: str) -> bool:
    """Whether a date begins with its year, as ISO 8601 and INMET's portal write it."""
    return bool(_YEAR_FIRST.match(text) or _DIGITS.match(text))


@lru_cache(20_000)  # the dates of 25 years in two forms; all files of a year share them
def day(text: str) -> int | None:
    """Days since 1970 of `2020-01-31`, `31/01/2020`, `20200131`; None for no date."""
    parts = _date_parts(text)
    return _ordinal(*parts) if parts else None


def month_first(text: str) -> int | None:
    """As `day`, with the month before the day: `01/31/2020`."""
    parts = _date_parts(text)
    return _ordinal(parts[0], parts[2], parts[1]) if parts else None


def partly_swapped(text: str) -> int | None:
    """As pandas reads 13/01 right and 12/01 as 1 December."""
    parts = _date_parts(text)
    return month_first(text) if parts and parts[2] <= 12 else day(text)


def _date_parts(text: str) -> tuple[int, int, int] | None:
    text = _MIDNIGHT.sub("", text)
    if found := _YEAR_FIRST.fullmatch(text) or _DIGITS.fullmatch(text):
        return int(found[1]), int(found[3]), int(found[4])
    if found := _YEAR_LAST.fullmatch(text):
        return int(found[4]), int(found[3]), int(found[1])
    return None


def _ordinal(year: int, month: int, day: int) -> int | None:
    try:
        return date(year, month, day).toordinal() - _EPOCH
    except ValueError:
        return None


def hour_form(texts: pa.DictionaryArray) -> Callable[[str], int | None]:
    """How the file writes its hours: 0 to 23, or 0 to 2300; INMET's own form is of the second."""
    counts = (_COUNT.fullmatch((text or "").strip()) for text in texts.dictionary.to_pylist())
    highest = max((int(found[1]) for found in counts if found), default=0)
    return _hour if highest > 23 else _counted_hour


@lru_cache(200)
def _hour(text: str) -> int | None:
    """The hour of `1500`, `15:00`, `100`, `3:00 PM`."""
    if found := _TWELVE.fullmatch(text):
        hour = int(found[1]) % 12 + 12 * (found[2].upper() == "P")
        return hour if 1 <= int(found[1]) <= 12 else None
    if found := _HHMM.fullmatch(text.removesuffix(".0")):
        return int(found[1]) if found[2] == "00" and int(found[1]) < 24 else None
    counted = _COUNT.fullmatch(text)
    return 0 if counted and int(counted[1]) == 0 else None


@lru_cache(200)
def _counted_hour(text: str) -> int | None:
    """The hour of `15`, in a file that counts its hours from 0 to 23, or of what `_hour` knows."""
    if (found := _COUNT.fullmatch(text)) and len(found[1]) <= 2:
        return int(found[1]) if int(found[1]) < 24 else None
    return _hour(text)
