"""Which years of INMET's archive to fetch: those that a person names, or those in progress."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

FIRST_YEAR = 2000
# The zip of a year that ended gets its December, and corrections, until then.
LAST_MONTH_OF_THE_YEAR_BEFORE = 3

_YEARS = re.compile(r"(\d{4})(?:\.\.(\d{4}))?")


def years_in_progress(today: date) -> list[int]:
    """The years whose zip INMET still replaces: this year, and until March also the last one.

    In January the running year has no zip yet: only the year before is meant.
    """
    years = [today.year - 1] if today.month <= LAST_MONTH_OF_THE_YEAR_BEFORE else []
    return [*years, today.year] if today.month > 1 else years


def parse_years(texts: Iterable[str], today: date) -> list[int]:
    """Years in order, each once, of arguments such as `2024` and `2000..2023`.

    Raises:
        ValueError: an argument is no year, or a year of which INMET has no zip.
    """
    return sorted({year for text in texts for year in _range(text, today)})


def _range(text: str, today: date) -> range:
    match = _YEARS.fullmatch(text)
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if not FIRST_YEAR <= first <= last <= today.year:
        raise ValueError(
            f"expected years from {FIRST_YEAR} to {today.year}, "
            f"such as 2024 or 2000..2023; found {text}"
        )
    return range(first, last + 1)
