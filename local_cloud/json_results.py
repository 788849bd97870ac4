"""Rows as Snowflake sends them to a client that reads no Arrow: every value as text, in JSON."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

NANOSECONDS = 1_000_000_000


def with_json_rows(data: dict[str, Any]) -> dict[str, Any]:
    """The `data` of an answer, with `rowset` instead of `rowsetBase64`.

    A number is its digits; a date the days since 1970; a time and a timestamp the seconds, with
    nine places, and for a time zone its offset in minutes, 1440 being UTC.
    """
    if "rowsetBase64" not in data:
        return data
    encoded = data["rowsetBase64"]
    rows: list[list[str | None]] = []
    if encoded:
        table = pa.ipc.open_stream(b64decode(encoded)).read_all()
        columns = [
            _texts(column.combine_chunks(), field.metadata[b"logicalType"].decode())
            for column, field in zip(table.columns, table.schema, strict=True)
        ]
        rows = [list(row) for row in zip(*(it.to_pylist() for it in columns), strict=True)]
    kept = {name: value for name, value in data.items() if name != "rowsetBase64"}
    return {**kept, "queryResultFormat": "json", "rowset": rows, "returned": len(rows)}


def _texts(column: Any, kind: str) -> Any:
    if pa.types.is_struct(column.type):
        parts = [_seconds(column.field("epoch"), column.field("fraction"))]
        if column.type.get_field_index("timezone") >= 0:
            parts.append(column.field("timezone").cast(pa.string()))
        return pc.binary_join_element_wise(*parts, " ") if len(parts) > 1 else parts[0]
    if kind == "TIME":
        whole = pc.divide(column, NANOSECONDS)
        return _seconds(whole, pc.subtract(column, pc.multiply(whole, NANOSECONDS)))
    if pa.types.is_date(column.type):
        return column.cast(pa.int32()).cast(pa.string())
    if pa.types.is_binary(column.type):
        return pa.array([it and it.hex().upper() for it in column.to_pylist()], pa.string())
    return column.cast(pa.string())


def _seconds(whole: Any, nanoseconds: Any) -> Any:
    places = pc.utf8_lpad(nanoseconds.cast(pa.string()), width=9, padding="0")
    return pc.binary_join_element_wise(whole.cast(pa.string()), places, ".")
