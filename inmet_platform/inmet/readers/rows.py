"""The rows of a file, read by Arrow's CSV reader, and the hours that they name.

Rows as INMET writes them are parsed here. A file that Arrow refuses, or whose rows cannot be as
INMET wrote them, goes to repair.py. No row is dropped and no value is guessed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.inmet.readers.layout import DATE_COLUMN, Layout
from inmet_platform.inmet.readers.text import quoted

MISSING = ["", "-9999", "-9999.0", "-9999,0", "null", "NULL"]

_YEAR_FIRST = re.compile(r"(\d{4})[-/](\d{2})[-/](\d{2})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{2})/(\d{2})/(\d{4})", re.ASCII)
_HOUR = re.compile(r"(\d{2}):?(\d{2})(?::00)?(?: ?UTC)?", re.IGNORECASE | re.ASCII)

_NONE = np.iinfo(np.int64).min

_EPOCH = date(1970, 1, 1).toordinal()

_FILLED = re.compile(rb"[^; ,\r\n\t]")


@dataclass(frozen=True)
class Rows:
    """The cells of the rows: Arrow columns by position, line numbers, and the repairs made."""

    columns: dict[int, pa.Array]
    line_numbers: np.ndarray
    repairs: tuple[str, ...] = ()


def require_rows(data: bytes, layout: Layout, place: Place) -> None:
    """Raise `UnreadableFile` when nothing follows the header."""
    if not _FILLED.search(data, layout.data_offset):
        where, expected = place.at(layout.header_line), "hourly rows after the header"
        raise UnreadableFile(where, expected=expected, found="none")


def parse_rows(data: bytes, layout: Layout) -> Rows | None:
    """The rows as Arrow reads them, or None unless all are as INMET writes them.

    Returns:
        float64 for the variables, dictionary-encoded text for date, hour and station.
    """
    first_row = data[layout.data_offset :].partition(b"\n")[0]
    fields = first_row.count(layout.delimiter.encode()) + 1
    if fields not in {layout.width, layout.width + 1}:
        return None
    try:
        table = parse(_body(data, layout), layout, fields, column_types(layout))
    except pa.ArrowInvalid:
        return None
    first = layout.header_line + 1
    numbers = np.arange(first, first + table.num_rows, dtype=np.int32)
    no_separator = fields == layout.width and layout.ends_in_separator
    repairs = ("the separator at the end of the rows is missing",) if no_separator else ()
    rows = Rows(columns_by_position(table, layout), numbers, repairs)
    # Arrow reads an empty line as a row without a date; repair.py leaves it out.
    has_empty_lines = "" in rows.columns[DATE_COLUMN].dictionary.to_pylist()
    if has_empty_lines or not all_finite(rows, layout):
        return None
    return None if no_separator and _last_is_empty(rows, layout) else rows


def parse(body: pa.Buffer, layout: Layout, fields: int, types: dict[int, pa.DataType]) -> pa.Table:
    """Arrow's table of the columns in `types`, named by their position.

    Raises:
        pyarrow.ArrowInvalid: a row does not have `fields` fields, or a cell has another type.
    """
    types = dict(types)
    if fields > layout.width:
        # The portal leaves the last field empty: a value there means that the row is shifted.
        types[layout.width] = pa.null()
    return pa_csv.read_csv(
        pa.BufferReader(body),
        pa_csv.ReadOptions(
            column_names=[str(index) for index in range(fields)],
            use_threads=False,
            block_size=max(body.size, 1),
        ),
        # An empty line must remain a row here, or every later line number is wrong.
        pa_csv.ParseOptions(delimiter=layout.delimiter, ignore_empty_lines=False),
        pa_csv.ConvertOptions(
            column_types={str(index): kind for index, kind in types.items()},
            include_columns=[str(index) for index in types],
            null_values=MISSING,
            decimal_point=decimal_point(body, layout),
        ),
    )


def decimal_point(body: pa.Buffer, layout: Layout) -> str:
    """A comma in the portal's files; in those of BDMEP the choice of whoever requested them."""
    if layout.delimiter == ",":
        return "."
    if layout.format != "bdmep_hourly":
        return ","
    text = body.to_pybytes()
    return "," if text.count(b",") > text.count(b".") else "."


def column_types(layout: Layout) -> dict[int, pa.DataType]:
    """The type of each column to read, by its position."""
    text = pa.dictionary(pa.int32(), pa.string())
    numbers = dict.fromkeys(layout.variables.values(), pa.float64())
    return numbers | dict.fromkeys(layout.keys, text)


def columns_by_position(table: pa.Table, layout: Layout) -> dict[int, pa.Array]:
    """The columns to read of a parsed table, each as one array."""
    return {index: table[str(index)].combine_chunks() for index in column_types(layout)}


def all_finite(rows: Rows, layout: Layout) -> bool:
    """Whether every value is finite: Arrow reads `nan` and `inf`, which no station measures."""
    sums = (pc.sum(rows.columns[index], min_count=0) for index in layout.variables.values())
    return all(math.isfinite(total.as_py()) for total in sums)


def _body(data: bytes, layout: Layout) -> pa.Buffer:
    """The bytes of the rows without empty lines at the end; nothing is copied."""
    tail = data[-1024:]
    end = len(data) - (len(tail) - len(tail.rstrip(b"\r\n \t")))
    return pa.py_buffer(data).slice(layout.data_offset, end - layout.data_offset)


def _last_is_empty(rows: Rows, layout: Layout) -> bool:
    """Whether the last variable has no value while others have: a lost field may have moved all."""
    values = {index: pc.count(rows.columns[index]).as_py() for index in layout.variables.values()}
    return not values.get(layout.width - 1, 1) and any(values.values())


def observed_at(
    dates: pa.DictionaryArray, hours: pa.DictionaryArray, lines: np.ndarray, place: Place
) -> pa.Array:
    """The timestamps (us, UTC, end of the hour) of the rows; each distinct text is parsed once.

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
            place.at(lines[at]), expected=expected, found=quoted(text) if text else "nothing"
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
