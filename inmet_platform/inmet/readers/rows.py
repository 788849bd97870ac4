"""The rows of a file, read by Arrow's CSV reader.

Rows as INMET writes them are parsed here. A file that Arrow refuses, or whose rows cannot be as
INMET wrote them, goes to repair.py. No row is dropped and no value is guessed.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.inmet.readers.layout import Layout

# How INMET writes a missing value: the portal until 2018, the portal since, BDMEP.
MISSING = ["-9999", "", "null"]
# No variable has such a value: it is a missing one in another spelling, which repair.py knows.
_NO_VALUE_BELOW = -900.0

# How the first label of a metadata block begins, the portal's and BDMEP's.
BLOCK_LABELS = ("REGI", "Nome")

_FILLED = re.compile(rb"[^; ,\r\n\t|]")
# In a text between separators, a comma or point before a digit is decimal.
_DECIMAL = {sign: re.compile(rb"\%b\d" % sign) for sign in (b",", b".")}
_DATE_WITH_POINTS = re.compile(rb"\d{1,4}\.\d{1,2}\.\d{1,4}|:\d\d\.\d+")
_QUOTED_COMMA = re.compile(rb'"[-+]?\d*,\d+"')
_SAMPLE_BYTES = 1 << 20


@dataclass(frozen=True)
class Rows:
    """The cells of the rows: Arrow columns by position, line numbers, and the repairs made."""

    columns: dict[int, pa.Array]
    line_numbers: np.ndarray
    repairs: tuple[str, ...] = ()

    @cached_property
    def outer_extremes(self) -> dict[int, tuple[float, float]]:
        """For each column of numbers one at or below all its values, and one at or above.

        They are those of the memory, where any number stands at a missing value: Arrow takes ten
        times longer to leave these out. NaN where a value is none.
        """
        columns = {at: it for at, it in self.columns.items() if pa.types.is_floating(it.type)}
        if not columns:
            return {}
        slots = [
            np.frombuffer(column.buffers()[1], np.float64, len(column), column.offset * 8)
            for column in columns.values()
        ]
        memory = np.concatenate(slots).reshape(len(slots), -1)
        pairs = zip(memory.min(axis=1).tolist(), memory.max(axis=1).tolist(), strict=True)
        return dict(zip(columns, pairs, strict=True))


def require_rows(data: bytes, layout: Layout, place: Place) -> None:
    """Raise `UnreadableFile` when nothing follows the header."""
    if not _FILLED.search(data, layout.data_offset):
        where, expected = place.at(layout.header_line), "rows after the header"
        raise UnreadableFile(where, expected=expected, found="none")


def parse_rows(data: bytes, layout: Layout) -> Rows | None:
    """The rows as Arrow reads them, or None unless all are as INMET writes them.

    Returns:
        float64 for the variables, dictionary-encoded text for date, hour and station.
    """
    end = data.find(b"\n", layout.data_offset)
    first_row = layout.data_offset, len(data) if end < 0 else end
    fields = data.count(layout.delimiter.encode(), *first_row) + 1
    if fields not in {layout.width, layout.width + 1}:
        return None
    numbers = dict.fromkeys(layout.variables.values(), pa.float64())
    try:
        table = parse(_body(data, layout), layout, fields, numbers | key_types(layout))
    except pa.ArrowInvalid:
        return None
    first = layout.header_line + 1
    line_numbers = np.arange(first, first + table.num_rows, dtype=np.int32)
    no_separator = fields == layout.width and layout.ends_in_separator
    repairs = ("the separator at the end of the rows is missing",) if no_separator else ()
    columns = {int(name): one_chunk(table[name]) for name in table.column_names}
    rows = Rows(columns, line_numbers, repairs)
    # Arrow reads an empty line as a row without a date; repair.py leaves it out. A second metadata
    # block has fewer fields than a row, but for a table of two columns.
    firsts = rows.columns[layout.keys[0]].dictionary.to_pylist()
    has_block = layout.width < 3 and any(text.startswith(BLOCK_LABELS) for text in firsts)
    if "" in firsts or has_block or not _all_values(rows, layout):
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


def one_chunk(column: pa.ChunkedArray) -> pa.Array:
    """The column as one array; nothing is copied when it is one already."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def decimal_point(body: pa.Buffer, layout: Layout) -> str:
    """The decimal sign that most values of the file have; the portal's if none has one."""
    sample = body[:_SAMPLE_BYTES].to_pybytes()
    if b"." in sample:
        sample = _DATE_WITH_POINTS.sub(b"", sample)
    if layout.delimiter == ",":
        commas = len(_QUOTED_COMMA.findall(sample))
        return "," if commas and commas > len(_DECIMAL[b"."].findall(sample)) else "."
    if b"." not in sample:
        return ","
    commas, points = (len(_DECIMAL[sign].findall(sample)) for sign in (b",", b"."))
    return "," if commas >= points else "."


def key_types(layout: Layout) -> dict[int, pa.DataType]:
    """The columns of date, hour, station and place, each to be read as text."""
    return dict.fromkeys(layout.keys, pa.dictionary(pa.int32(), pa.string()))


def _all_values(rows: Rows, layout: Layout) -> bool:
    """Whether every value is one: Arrow reads `nan` and `inf`, and -9999,00 as a number."""
    extremes = rows.outer_extremes.values()
    if all(low >= _NO_VALUE_BELOW and math.isfinite(high) for low, high in extremes):
        return True
    values = pa.chunked_array([rows.columns[index] for index in layout.variables.values()])
    least = pc.min(values).as_py()
    return least is None or (least >= _NO_VALUE_BELOW and math.isfinite(pc.sum(values).as_py()))


def _body(data: bytes, layout: Layout) -> pa.Buffer:
    """The bytes of the rows without empty lines at the end; nothing is copied."""
    tail = data[-1024:]
    end = len(data) - (len(tail) - len(tail.rstrip(b"\r\n \t")))
    return pa.py_buffer(data).slice(layout.data_offset, end - layout.data_offset)


def _last_is_empty(rows: Rows, layout: Layout) -> bool:
    """Whether the last variable has no value while others have: a lost field may have moved all."""
    values = {index: pc.count(rows.columns[index]).as_py() for index in layout.variables.values()}
    return not values.get(layout.width - 1, 1) and any(values.values())
