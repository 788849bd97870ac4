"""The third asset: from RAW to CLEAN."""

import time

import dagster as dg

from inmet_platform.assets.pools import MERGES
from inmet_platform.assets.retries import retrying
from inmet_platform.assets.snowflake_raw import snowflake_raw
from inmet_platform.cleaning.merging import merge_loaded
from inmet_platform.resources.s3 import S3Bucket
from inmet_platform.resources.snowflake import SnowflakeWarehouse


@dg.asset(deps=[snowflake_raw], group_name="inmet", kinds={"snowflake"}, pool=MERGES)
def snowflake_clean(
    context: dg.AssetExecutionContext, s3: S3Bucket, warehouse: SnowflakeWarehouse
) -> dg.MaterializeResult:
    """Every observation once: one row per station and hour, typed, with units, in UTC.

    **Takes** the files that Snowpipe has loaded and no MERGE has taken yet. **Makes**
    `CLEAN.OBSERVATIONS` by one MERGE: an hour without any value has no row, and the newest
    edition wins when several sources hold an hour. Running it again changes nothing.
    `observed_at` marks the end of the hour.
    """
    started = time.monotonic()
    with retrying(), warehouse.session(f"dagster:{context.run.run_id}:snowflake_clean") as session:
        merged = merge_loaded(session, s3.bucket(), context.run.run_id, context.log.info)
        totals = session.query("clean/count_observations")[0]
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": totals["row_count"],
            "stations": totals["station_count"],
            "first_hour": str(totals["first_hour"]),
            "last_hour": str(totals["last_hour"]),
            "files": merged.files,
            "rows_merged": merged.rows_changed,
            "seconds": round(time.monotonic() - started, 2),
        }
    )
