"""Checks on CLEAN: what must be true before and after an export."""

import dagster as dg
import pyarrow.parquet as pq

from inmet_platform.assets.inmet_clean_csv import inmet_clean_csv
from inmet_platform.assets.metadata import bullets
from inmet_platform.assets.snowflake_clean import snowflake_clean
from inmet_platform.resources.results import ResultsFolder
from inmet_platform.resources.snowflake import SnowflakeWarehouse
from inmet_platform.results.manifest import read_manifest, stale_years
from inmet_platform.warehouse.session import Row, Session

# More offenders are listed when these are repaired.
MOST_OFFENDERS = 20


@dg.asset_check(asset=snowflake_clean, blocking=True)
def each_hour_is_there_once(
    context: dg.AssetCheckExecutionContext, warehouse: SnowflakeWarehouse, results: ResultsFolder
) -> dg.AssetCheckResult:
    """No station has two rows for one hour in the years to export; otherwise nothing is exported.

    The years to export are those whose files differ from CLEAN. A duplicate adds a row, so its year
    stays among them until the duplicate is gone.
    """
    with warehouse.session(f"dagster:{context.run.run_id}:each_hour_is_there_once") as session:
        counts = session.query("export/count_by_year")
        years = [row["of_year"] for row in stale_years(results.files, counts)]
        rows = [row for year in years for row in duplicate_hours(session, year)]
    return dg.AssetCheckResult(
        passed=not rows,
        metadata={
            "threshold": 0,
            "years": ", ".join(map(str, years)) or "none",
            f"offenders (first {MOST_OFFENDERS})": bullets(
                f"{row['station_id']} {row['observed_at']}: {row['row_count']} rows"
                for row in rows[:MOST_OFFENDERS]
            ),
        },
    )


def duplicate_hours(session: Session, year: int) -> list[Row]:
    """The first hours of a year that CLEAN holds more than once."""
    return session.query(
        "clean/select_duplicate_hours",
        from_hour=f"{year}-01-01 00:00:00",
        until_hour=f"{year + 1}-01-01 00:00:00",
    )


@dg.asset_check(asset=inmet_clean_csv)
def files_hold_every_clean_row(
    context: dg.AssetCheckExecutionContext, warehouse: SnowflakeWarehouse, results: ResultsFolder
) -> dg.AssetCheckResult:
    """Every year has as many rows in its Parquet file as in CLEAN."""
    with warehouse.session(f"dagster:{context.run.run_id}:files_hold_every_clean_row") as session:
        counts = session.query("export/count_by_year")
    expected = {row["of_year"]: row["row_count"] for row in counts}
    written = read_manifest(results.files)
    found = {year: pq.read_metadata(results.files.parquet(year)).num_rows for year in written}
    offenders = {
        str(year): f"{expected.get(year, 0)} in CLEAN, {found.get(year, 0)} in the files"
        for year in expected.keys() | found.keys()
        if expected.get(year) != found.get(year)
    }
    return dg.AssetCheckResult(
        passed=not offenders,
        metadata={
            "rows in CLEAN": sum(expected.values()),
            "rows in the files": sum(found.values()),
            "offenders": dg.MetadataValue.json(offenders),
        },
    )
