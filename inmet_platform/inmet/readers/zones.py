"""The time zone that a column's name says. INMET's hours are UTC unless the file says another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from inmet_platform.inmet.readers.text import fold

_OFFSET = re.compile(
    r"(?<![0-9])(?:UTC|GMT)?\s*([+\-\u2010-\u2015\u2212])\s*(\d{1,2})(?::?(\d{2}))?(?![0-9])",
    re.IGNORECASE | re.ASCII,
)
_LOCAL = re.compile(r"\b(local|brasilia|bsb|brt|brst|lt|legal)\b")
_UTC = re.compile(r"\b(utc|gmt|zulu)\b")
_OF_HOURS = re.compile(r"\b(horas?|horarios?|fuso|timezone)\b")
_IN_BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]")
# What stands in brackets and is no zone, folded: forms of dates and hours.
_FORM = re.compile(r"(utc|gmt|z|aut|h|hh|hhmm|hh mm|hh mm ss|yyyy mm dd|dd mm yyyy|horas?)( utc)?")
# After `utc`: nothing, or its zero. `hora_utc_3` may be meant as -3 or as +3.
_ZERO = re.compile(r"( time| 0{1,2}( 00)?| medicao| z)*")
_FARTHEST_MIN = 14 * 60


@dataclass(frozen=True)
class Zone:
    """A fixed offset from UTC in minutes, or None and why it is not known."""

    offset_min: int | None = 0
    is_said: bool = False
    doubt: str = ""

    @property
    def rank(self) -> int:
        """Which column to prefer: UTC said, nothing said, an offset, a local time."""
        if self.offset_min is None:
            return 3
        return 2 if self.offset_min else 1 - self.is_said

    def __str__(self) -> str:
        """`UTC-3`."""
        if self.offset_min is None:
            return self.doubt
        sign = "-" if self.offset_min < 0 else "+"
        hours, minutes = divmod(abs(self.offset_min), 60)
        return f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")


_LOCAL_TIME = Zone(None, True, "a local time, which knew summer times until 2019")
CONTRADICTED = Zone(None, True, "another zone than that of the date")
_UNCLEAR = Zone(None, True, "a zone that cannot be told")


@lru_cache(1_000)
def zone_of(name: str) -> Zone:
    """The zone in a column's name.

    `Hora (UTC-3)` is three hours behind UTC; `Hora` and `Hora UTC` are UTC; `Hora Local` and
    `hora_utc_3` are in doubt.
    """
    folded = fold(name)
    if found := _OFFSET.search(name):
        offset = offset_minutes(*found.groups())
        return _UNCLEAR if offset is None else Zone(offset, is_said=True)
    if _LOCAL.search(folded):
        return _LOCAL_TIME
    utc = _UTC.search(folded)
    in_brackets = [fold(text) for text in _IN_BRACKETS.findall(name)]
    if any(text and not _FORM.fullmatch(text) for text in in_brackets):
        return _UNCLEAR
    if utc and not _ZERO.fullmatch(folded[utc.end() :]):
        return _UNCLEAR
    return Zone(0, is_said=bool(utc))


def zone_in_text(lines: list[str]) -> Zone | None:
    """The zone that a line above the table says of its hours; None when none does."""
    for line in lines:
        if _OF_HOURS.search(fold(line)):
            zone = zone_of(line)
            if zone.is_said:
                return zone
    return None


def offset_minutes(sign: str, hours: str, minutes: str | None) -> int | None:
    """An offset such as `-03:00` in minutes; None for one that no place has."""
    size = int(hours) * 60 + int(minutes or 0)
    if size > _FARTHEST_MIN:
        return None
    return size if sign == "+" else -size
