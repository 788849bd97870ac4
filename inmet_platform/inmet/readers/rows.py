"""The rows of a file, vectorised: Arrow's CSV reader does the work.

Rows as INMET writes them go straight through, here. Whatever Arrow refuses, or reads but
cannot be as INMET writes it, goes to repair.py: no row is dropped and no value guessed.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.inmet.readers.layout import Layout

MISSING = ["", "-9999", "-9999.0", "-9999,0", "null", "NULL"]

_FILLED = re.compile(rb"[^; ,\r\n\t]")


@dataclass(frozen=True)
class Rows:
    """The cells of the rows: Arrow columns by position, line numbers, and what was repaired."""

    columns: dict[int, pa.Array]
    line_numbers: np.ndarray
    repairs: tuple[str, ...] = ()


def refuse_no_rows(data: bytes, layout: Layout, place: Place) -> None:
    """Raise `UnreadableFile` when nothing follows the header."""
    if not _FILLED.search(data, layout.data_offset):
        raise UnreadableFile(
            Place(place.file, place.member, layout.header_line),
            expected="hourly rows after the header",
            found="none",
        )


def straight_rows(data: bytes, layout: Layout) -> Rows | None:
    """The rows as Arrow reads them; None unless all are as INMET writes them.

    Returns:
        float64 for the variables, dictionary-encoded text for date, hour and station.
    """
    fields = _fields_of_first_row(data, layout)
    if fields not in {layout.width, layout.width + 1}:
        return None
    try:
        table = parse(_body(data, layout), layout, fields, wanted_types(layout))
    except pa.ArrowInvalid:
        return None
    first = layout.header_line + 1
    numbers = np.arange(first, first + table.num_rows, dtype=np.int32)
    no_separator = fields == layout.width and layout.ends_in_separator
    repairs = ("the separator at the end of the rows is missing",) if no_separator else ()
    rows = Rows(by_position(table, layout), numbers, repairs)
    # Arrow reads an empty line as a row without a date; the repair leaves it out.
    has_empty_lines = "" in rows.columns[layout.date_column].dictionary.to_pylist()
    if has_empty_lines or not all_finite(rows, layout):
        return None
    return None if no_separator and _last_is_empty(rows, layout) else rows


def parse(body: pa.Buffer, layout: Layout, fields: int, types: dict[int, pa.DataType]) -> pa.Table:
    """Arrow's table of the columns in `types`, named by their position.

    Raises:
        pyarrow.ArrowInvalid: a row has other than `fields` fields, or a cell another type.
    """
    types = dict(types)
    if fields > layout.width:
        # The portal's own empty last field: a value there means that the row is shifted.
        types[layout.width] = pa.null()
    return pa_csv.read_csv(
        pa.BufferReader(body),
        pa_csv.ReadOptions(
            column_names=[str(index) for index in range(fields)],
            use_threads=False,
            block_size=max(body.size, 1),
        ),
        # An empty line must stay a row here, or every line number after it is wrong.
        pa_csv.ParseOptions(delimiter=layout.delimiter, ignore_empty_lines=False),
        pa_csv.ConvertOptions(
            column_types={str(index): kind for index, kind in types.items()},
            include_columns=[str(index) for index in types],
            null_values=MISSING,
            decimal_point=decimal_point(body, layout),
        ),
    )


def decimal_point(body: pa.Buffer, layout: Layout) -> str:
    """Comma in the portal's files; in BDMEP's what the requester chose."""
    if layout.delimiter == ",":
        return "."
    if layout.format != "bdmep_hourly":
        return ","
    text = body.to_pybytes()
    return "," if text.count(b",") > text.count(b".") else "."


def wanted_types(layout: Layout) -> dict[int, pa.DataType]:
    """The columns that matter, by position, with their types."""
    text = pa.dictionary(pa.int32(), pa.string())
    wanted = {index: pa.float64() for index in layout.variables.values()}
    for index in (layout.date_column, layout.hour_column, layout.station_column):
        if index is not None:
            wanted[index] = text
    return wanted


def by_position(table: pa.Table, layout: Layout) -> dict[int, pa.Array]:
    """The wanted columns of a parsed table, each in one piece."""
    columns = {index: table[str(index)] for index in wanted_types(layout)}
    return {
        index: column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
        for index, column in columns.items()
    }


def all_finite(rows: Rows, layout: Layout) -> bool:
    """Whether every value is a number: Arrow reads `nan` and `inf`, no station measures them."""
    sums = (pc.sum(rows.columns[index], min_count=0) for index in layout.variables.values())
    return all(math.isfinite(total.as_py()) for total in sums)


def _fields_of_first_row(data: bytes, layout: Layout) -> int:
    end = data.find(b"\n", layout.data_offset)
    row = data[layout.data_offset : end if end >= 0 else len(data)]
    return row.count(layout.delimiter.encode()) + 1


def _body(data: bytes, layout: Layout) -> pa.Buffer:
    """The bytes of the rows, not copied, without empty lines at the end."""
    tail = data[-1024:]
    end = len(data) - (len(tail) - len(tail.rstrip(b"\r\n \t")))
    return pa.py_buffer(data).slice(layout.data_offset, end - layout.data_offset)


def _last_is_empty(rows: Rows, layout: Layout) -> bool:
    """Whether a lost field can have moved all values to the left."""
    held = {
        index: len(rows.line_numbers) - rows.columns[index].null_count
        for index in layout.variables.values()
    }
    return not held.get(layout.width - 1, 1) and any(held.values())
