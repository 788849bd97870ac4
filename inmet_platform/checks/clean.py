"""Checks on CLEAN: what must hold before anything is exported."""

import dagster as dg

from inmet_platform.assets.inmet_clean_csv import inmet_clean_csv
from inmet_platform.assets.snowflake_clean import snowflake_clean
from inmet_platform.resources.results import ResultsFolder
from inmet_platform.resources.snowflake import SnowflakeWarehouse


@dg.asset_check(asset=snowflake_clean, blocking=True)
def each_hour_is_there_once(
    context: dg.AssetCheckExecutionContext, warehouse: SnowflakeWarehouse
) -> dg.AssetCheckResult:
    """No station has two rows for one hour; else nothing is exported."""
    with warehouse.session(f"dagster:{context.run.run_id}:each_hour_is_there_once") as session:
        rows = session.query("clean/select_duplicate_hours")
    return dg.AssetCheckResult(
        passed=not rows,
        metadata={
            "threshold": 0,
            "offenders (first 20)": dg.MetadataValue.md(
                "\n".join(
                    f"- {row['station_id']} {row['observed_at']}: {row['row_count']} rows"
                    for row in rows
                )
                or "none"
            ),
        },
    )


@dg.asset_check(asset=inmet_clean_csv)
def csv_holds_every_clean_row(
    context: dg.AssetCheckExecutionContext, warehouse: SnowflakeWarehouse, results: ResultsFolder
) -> dg.AssetCheckResult:
    """The CSV has one line a row of CLEAN that is published, and its header."""
    with warehouse.session(f"dagster:{context.run.run_id}:csv_holds_every_clean_row") as session:
        expected = sum(row["row_count"] for row in session.query("export/count_by_station"))
    with results.clean_csv.open("rb") as stream:
        pieces = iter(lambda: stream.read(1 << 20), b"")
        found = sum(piece.count(b"\n") for piece in pieces) - 1
    return dg.AssetCheckResult(
        passed=found == expected, metadata={"rows in CLEAN": expected, "rows in the CSV": found}
    )
