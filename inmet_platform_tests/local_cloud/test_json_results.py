"""Rows for a client that reads no Arrow, by fakesnow's own encoding of them."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from fakesnow.arrow import to_ipc, to_sf

from local_cloud.json_results import with_json_rows


def encoded(kind: str, column: pa.Array) -> dict[str, Any]:
    rowtype: Any = [{"name": "C", "type": kind, "precision": 38, "scale": 0, "length": 0}]
    rows = to_ipc(to_sf(pa.table({"C": column}), rowtype))
    return {"queryResultFormat": "arrow", "rowsetBase64": b64encode(rows).decode(), "total": 1}


NOON = datetime(2024, 6, 1, 12, 0, 0, 250_000)  # noqa: DTZ001 - as TIMESTAMP_NTZ has none


@pytest.mark.parametrize(
    ("kind", "column", "texts"),
    [
        ("fixed", pa.array([7, None], pa.int64()), ["7", None]),
        ("fixed", pa.array([Decimal("0.20")], pa.decimal128(5, 2)), ["0.20"]),
        ("real", pa.array([0.2]), ["0.2"]),
        ("text", pa.array(["chuva", None, ""]), ["chuva", None, ""]),
        ("boolean", pa.array([True, False, None]), ["true", "false", None]),
        ("date", pa.array([date(1970, 1, 11), None]), ["10", None]),
        ("time", pa.array([time(0, 1, 0, 5), None], pa.time64("us")), ["60.000005000", None]),
        (
            "timestamp_ntz",
            pa.array([NOON, None], pa.timestamp("us")),
            ["1717243200.250000000", None],
        ),
        (
            "timestamp_tz",
            pa.array([NOON.replace(tzinfo=UTC)], pa.timestamp("us", "UTC")),
            ["1717243200.250000000 1440"],
        ),
        ("binary", pa.array([b"\x0a\xff", None]), ["0AFF", None]),
    ],
)
def test_every_value_is_text_in_snowflakes_form(
    kind: str, column: pa.Array, texts: list[str | None]
) -> None:
    told = with_json_rows(encoded(kind, column))
    assert told["rowset"] == [[text] for text in texts]
    assert (told["queryResultFormat"], told["returned"]) == ("json", len(texts))
    assert "rowsetBase64" not in told


def test_an_answer_without_rows_or_with_json_stays_what_it_is() -> None:
    assert with_json_rows({"rowsetBase64": ""})["rowset"] == []
    counted = {"queryResultFormat": "json", "rowset": [["3"]]}
    assert with_json_rows(counted) == counted
