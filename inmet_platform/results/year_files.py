"""A year as it was unloaded becomes its two files: sorted Parquet, and its piece of the CSV.

Snowflake unloads rows in no promised order, whatever its query says, and numbers as decimals. The
columns are brought into order one after the other, so that a year stands in memory once: some
180 bytes a row.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from inmet_platform.inmet.schema import FLAG_NAMES
from inmet_platform.results.csv_file import csv_text
from inmet_platform.results.manifest import CLEAN_SCHEMA

ROWS_A_GROUP = 122_880
_ORDER = ("station_id", "observed_at")
# In memory a flag takes one byte of eight, and a station's code four bytes.
_NARROW = {"station_id": pa.dictionary(pa.int32(), pa.string())} | dict.fromkeys(
    FLAG_NAMES.values(), pa.int8()
)


def write_year(unloaded: Path, parquet: Path, csv: Path) -> int:
    """Write a year sorted by station and time.

    Args:
        unloaded: the Parquet file of the warehouse, with the names of `CLEAN_SCHEMA`.
        parquet: the file to write, with its types, too.
        csv: the file to write, without a header; `csv_text` says how.

    Returns:
        The bytes of the CSV.
    """
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        table = _sorted(unloaded, pool)
        blocks = [table.slice(at, ROWS_A_GROUP) for at in range(0, table.num_rows, ROWS_A_GROUP)]
        written = pool.submit(_write_parquet, parquet, blocks)
        with csv.open("wb") as stream:
            for text in _in_order(pool, blocks):
                stream.write(text)
        written.result()
    return csv.stat().st_size


def _sorted(unloaded: Path, pool: ThreadPoolExecutor) -> pa.Table:
    """The rows in order; flags as int8 and codes as a dictionary."""
    keys = pq.read_table(unloaded, columns=list(_ORDER))
    places = pc.sort_indices(keys, [(name, "ascending") for name in _ORDER])

    def column(field: pa.Field) -> pa.Array:
        [values] = pq.read_table(unloaded, columns=[field.name], use_threads=False).columns
        values = values.cast(_NARROW.get(field.name, field.type))
        return values.unify_dictionaries().combine_chunks().take(places)

    return pa.table(list(pool.map(column, CLEAN_SCHEMA)), names=CLEAN_SCHEMA.names)


def _write_parquet(parquet: Path, blocks: list[pa.Table]) -> None:
    with pq.ParquetWriter(parquet, CLEAN_SCHEMA, compression="zstd") as writer:
        for block in blocks:
            writer.write_table(block.cast(CLEAN_SCHEMA))


def _in_order(pool: ThreadPoolExecutor, blocks: list[pa.Table]) -> Iterator[pa.Buffer]:
    """The CSV of each block, a few ahead of the one that is written."""
    ahead = 2 * (os.cpu_count() or 1)
    waiting = [pool.submit(csv_text, block) for block in blocks[:ahead]]
    for following in [*blocks[ahead:], *[None] * len(waiting)]:
        yield waiting.pop(0).result()
        if following is not None:
            waiting.append(pool.submit(csv_text, following))
