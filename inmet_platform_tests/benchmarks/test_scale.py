"""The costs in docs/scale.md are those that the script computes from prices and measurements."""

from __future__ import annotations

import pytest

from benchmarks.scale import MEASURED, WHOLE_ROWS, Load, cost_table, partition_table
from inmet_platform_tests.embedded import ROOT


@pytest.mark.parametrize("table", [cost_table(), partition_table()], ids=["costs", "partitions"])
def test_the_tables_of_the_document_are_computed(table: str) -> None:
    assert table in (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")


def test_the_measured_year_costs_what_its_bytes_cost() -> None:
    year = Load(MEASURED.rows)
    assert year.landing_gb == pytest.approx(0.080210428)
    assert year.snowpipe_credits == pytest.approx(0.080210428 * 0.0037)
    # 12.9 s of work and 25 minutes of rest, at one credit an hour
    assert year.warehouse_credits == pytest.approx((12.9 + 1500) / 3600)


def test_sizes_grow_with_rows_but_resting_warehouses_do_not() -> None:
    whole, ten = Load(WHOLE_ROWS), Load(10 * WHOLE_ROWS)
    assert ten.s3_usd == pytest.approx(10 * whole.s3_usd)
    assert ten.table_usd == pytest.approx(10 * whole.table_usd)
    assert whole.warehouse_credits < ten.warehouse_credits < 10 * whole.warehouse_credits
