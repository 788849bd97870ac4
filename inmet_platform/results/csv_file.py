"""The CSV: DuckDB writes each year, and the years are joined without reading them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, groupby
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

_BLOCK = 1 << 26


def write_csv(connection: duckdb.DuckDBPyConnection, parquet: Path, target: Path) -> int:
    """Write the rows of a Parquet file as CSV without a header; return the bytes written.

    UTF-8, comma, decimal point, LF; times as `2020-01-01T00:00:00Z`; null is an empty field.
    """
    columns = ", ".join(_grouped_text(pq.read_schema(parquet)))
    connection.execute(
        f"COPY (SELECT {columns} FROM read_parquet('{parquet}')) "  # noqa: S608 - our own names
        f"TO '{target}' "
        "(FORMAT csv, HEADER false, QUOTE '', TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%SZ')"
    )
    return target.stat().st_size


def _grouped_text(schema: pa.Schema) -> Iterator[str]:
    """The columns as text; flags and qc_tests, which are never null, as one text: it is faster."""
    for is_flag, fields in groupby(schema, key=lambda field: field.type == pa.int64()):
        if is_flag:
            yield f"concat_ws(',', {', '.join(field.name for field in fields)})"
        else:
            yield select_text(pa.schema(list(fields)))


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
