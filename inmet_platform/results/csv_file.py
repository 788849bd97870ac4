"""The CSV: the text of rows, and the years' pieces joined without reading them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_BLOCK = 1 << 26


def csv_text(rows: pa.Table) -> pa.Buffer:
    """Rows of `CLEAN_SCHEMA`, of which flags may be int8, as CSV without a header.

    UTF-8, comma, decimal point, LF; times as `2020-01-01T00:00:00Z`; null is an empty field. A
    column has few distinct values in a block of rows: each is written once and then looked up.
    """
    flags = [name for name in rows.column_names if name.endswith("_flag")]
    *before, last = [name for name in rows.column_names if name not in flags]
    texts = [_texts(rows[name].combine_chunks()) for name in before]
    ends = _texts(rows[last].combine_chunks(), end="\n")
    lines = pc.binary_join_element_wise(*texts, _digits(rows.select(flags)), ends, ",")
    _, offsets, data = lines.buffers()
    first, *_, end = pa.Array.from_buffers(pa.int32(), len(lines) + 1, [None, offsets]).to_numpy()
    return data.slice(first, end - first)


def _texts(values: pa.Array, end: str = "") -> pa.Array:
    if pa.types.is_dictionary(values.type):
        return values.cast(pa.string())
    encoded = pc.dictionary_encode(values, null_encoding="encode")
    distinct = encoded.dictionary
    if pa.types.is_timestamp(distinct.type):
        texts = pc.strftime(distinct.cast(pa.timestamp("s")), format="%Y-%m-%dT%H:%M:%SZ")
    else:
        cells = ("" if value is None else str(value) for value in distinct.to_pylist())
        texts = pa.array([cell + end for cell in cells], pa.string())
    return texts.take(encoded.indices)


def _digits(flags: pa.Table) -> pa.Array:
    """Flags have one digit each, so the texts of all rows are as long: `1,1,9`."""
    width = 2 * flags.num_columns - 1
    cells = np.full((flags.num_rows, width), ord(","), np.uint8)
    for place, column in enumerate(flags.columns):
        cells[:, 2 * place] = column.combine_chunks().cast(pa.uint8()).to_numpy() + ord("0")
    offsets = np.arange(0, cells.size + 1, width, dtype=np.int32)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(cells)]
    return pa.Array.from_buffers(pa.string(), flags.num_rows, buffers)


def select_text(schema: pa.Schema) -> str:
    """The columns of a SELECT whose rows are written as CSV."""
    return ", ".join(
        f"{_as_text(field.name)} AS {field.name}" if field.type == pa.float64() else field.name
        for field in schema
    )


def _as_text(name: str) -> str:
    """A number as its shortest text; nearly all have one decimal, which DECIMAL writes faster."""
    return (
        f"CASE WHEN {name} * 10 = ROUND({name} * 10) AND ABS({name}) < 1e7 "
        f"THEN {name}::DECIMAL(9, 1)::VARCHAR ELSE {name}::VARCHAR END"
    )


@dataclass(frozen=True)
class Piece:
    """Bytes of a file: rows of CSV without a header."""

    source: Path
    first: int
    size: int


def assemble(target: Path, columns: list[str], pieces: list[Piece]) -> list[int]:
    """Write a header and then the pieces, one after the other.

    Args:
        target: the file to write.
        columns: names for the header line.
        pieces: what stands in it, in this order.

    Returns:
        Where each piece begins in `target`.
    """
    header = (",".join(columns) + "\n").encode()
    with target.open("wb") as stream:
        stream.write(header)
        stream.flush()
        for piece in pieces:
            _copy(piece.source, piece.first, piece.size, stream.fileno())
    return list(accumulate([len(header), *(piece.size for piece in pieces)]))[:-1]


def _copy(source: Path, first: int, size: int, target: int) -> None:
    """Copy within the kernel, which only links the blocks where the file system can share them."""
    with source.open("rb") as stream:
        while size:
            try:
                done = os.copy_file_range(
                    stream.fileno(), target, min(size, _BLOCK), offset_src=first
                )
            except OSError:  # a file system that cannot
                done = os.write(target, os.pread(stream.fileno(), min(size, _BLOCK), first))
            if not done:
                raise EOFError(f"{source} ends before byte {first + size}")
            first, size = first + done, size - done
