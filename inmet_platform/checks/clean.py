"""Checks on CLEAN: what must hold before anything is exported."""

import dagster as dg
import pyarrow.parquet as pq

from inmet_platform.assets.inmet_clean_csv import inmet_clean_csv
from inmet_platform.assets.snowflake_clean import MERGED_FROM, MERGED_UNTIL, snowflake_clean
from inmet_platform.export import parquet_of, read_manifest
from inmet_platform.resources.results import ResultsFolder
from inmet_platform.resources.snowflake import SnowflakeWarehouse

ALL_OF_TIME = ("1900-01-01 00:00:00", "2999-12-31 23:00:00")


@dg.asset_check(asset=snowflake_clean, blocking=True)
def each_hour_is_there_once(
    context: dg.AssetCheckExecutionContext, warehouse: SnowflakeWarehouse
) -> dg.AssetCheckResult:
    """No station has two rows for one hour; else nothing is exported.

    After a MERGE the hours that it covers are looked at; by itself the check looks at all.
    """
    from_hour, until_hour = _merged_hours(context)
    with warehouse.session(f"dagster:{context.run.run_id}:each_hour_is_there_once") as session:
        rows = session.query(
            "clean/select_duplicate_hours", from_hour=from_hour, until_hour=until_hour
        )
    return dg.AssetCheckResult(
        passed=not rows,
        metadata={
            "threshold": 0,
            "hours": f"{from_hour} to {until_hour}",
            "offenders (first 20)": dg.MetadataValue.md(
                "\n".join(
                    f"- {row['station_id']} {row['observed_at']}: {row['row_count']} rows"
                    for row in rows
                )
                or "none"
            ),
        },
    )


def _merged_hours(context: dg.AssetCheckExecutionContext) -> tuple[str, str]:
    """First and last hour of this run's MERGE; all of time when there was none in this run."""
    made = context.instance.get_latest_materialization_event(snowflake_clean.key)
    if made and made.run_id == context.run.run_id and made.asset_materialization:
        found = made.asset_materialization.metadata
        hours = str(found[MERGED_FROM].value), str(found[MERGED_UNTIL].value)
        if "None" not in hours:
            return hours
    return ALL_OF_TIME


@dg.asset_check(asset=inmet_clean_csv)
def files_hold_every_clean_row(
    context: dg.AssetCheckExecutionContext, warehouse: SnowflakeWarehouse, results: ResultsFolder
) -> dg.AssetCheckResult:
    """Every year has as many rows in its Parquet file as in CLEAN, and the CSV all their pieces."""
    with warehouse.session(f"dagster:{context.run.run_id}:files_hold_every_clean_row") as session:
        expected = {
            row["of_year"]: row["row_count"] for row in session.query("export/count_by_year")
        }
    written = read_manifest(results.clean_csv)
    found = {
        year: pq.read_metadata(parquet_of(results.clean_csv, year)).num_rows for year in written
    }
    offenders = {
        year: f"{expected.get(year, 0)} in CLEAN, {found.get(year, 0)} in the files"
        for year in expected.keys() | found.keys()
        if expected.get(year) != found.get(year)
    }
    return dg.AssetCheckResult(
        passed=not offenders,
        metadata={
            "rows in CLEAN": sum(expected.values()),
            "rows in the files": sum(found.values()),
            "offenders": dg.MetadataValue.json({str(year): offenders[year] for year in offenders}),
        },
    )
