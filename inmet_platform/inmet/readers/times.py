"""The hours of the rows: from date and hour as text to UTC timestamps.

A year has at most 366 dates and 24 hours, so each distinct text is parsed once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.inmet.readers.text import quoted

_YEAR_FIRST = re.compile(r"(\d{4})[-/](\d{2})[-/](\d{2})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{2})/(\d{2})/(\d{4})", re.ASCII)
_HOUR = re.compile(r"(\d{2}):?(\d{2})(?::00)?(?: ?UTC)?", re.IGNORECASE | re.ASCII)

_NONE = np.iinfo(np.int64).min

_EPOCH = date(1970, 1, 1).toordinal()


def observed_at(
    dates: pa.DictionaryArray, hours: pa.DictionaryArray, lines: np.ndarray, place: Place
) -> pa.Array:
    """The timestamps (us, UTC, end of the hour) of the rows.

    Raises:
        UnreadableFile: a date or an hour does not exist.
    """
    days = _looked_up(dates, _day, lines, place, "a date such as 2020-01-31")
    of_day = _looked_up(hours, _hour, lines, place, "a full hour from 0000 to 2300")
    return pa.array((days * 24 + of_day) * 3_600_000_000, pa.timestamp("us"))


def _looked_up(
    texts: pa.DictionaryArray,
    parse: Callable[[str], int | None],
    lines: np.ndarray,
    place: Place,
    expected: str,
) -> np.ndarray:
    values = [parse((text or "").strip()) for text in texts.dictionary.to_pylist()]
    known = np.array([_NONE if value is None else value for value in [*values, None]], np.int64)
    # Not fill_null: it imports pandas, which costs every reading process a second.
    indices = pc.coalesce(texts.indices, pa.scalar(len(values), texts.indices.type))
    looked_up: np.ndarray = known[indices.to_numpy()]
    bad = looked_up == _NONE
    if bad.any():
        at = int(bad.argmax())
        text = texts[at].as_py()
        raise UnreadableFile(
            place.at(lines[at]),
            expected=expected,
            found=quoted(text) if text else "nothing",
        )
    return looked_up


@lru_cache(20_000)  # the dates of 25 years in two forms; all files of a year share them
def _day(text: str) -> int | None:
    if found := _YEAR_FIRST.fullmatch(text):
        parts = found.groups()
    elif found := _DAY_FIRST.fullmatch(text):
        parts = found.groups()[::-1]
    else:
        return None
    try:
        return date(*map(int, parts)).toordinal() - _EPOCH
    except ValueError:
        return None


@lru_cache(200)
def _hour(text: str) -> int | None:
    match = _HOUR.fullmatch(text)
    if not match or match[2] != "00" or int(match[1]) > 23:
        return None
    return int(match[1])
