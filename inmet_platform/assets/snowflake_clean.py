"""The third asset: from RAW to CLEAN."""

import time

import dagster as dg

from inmet_platform.assets.catalogue import CLEAN_LINEAGE
from inmet_platform.assets.metadata import files_by_state
from inmet_platform.assets.pools import MERGES
from inmet_platform.assets.retries import retrying
from inmet_platform.assets.snowflake_raw import snowflake_raw
from inmet_platform.cleaning.judging import present_years
from inmet_platform.cleaning.merging import merge_loaded
from inmet_platform.ledger.lease import Lease
from inmet_platform.resources.s3 import S3Bucket
from inmet_platform.resources.snowflake import SnowflakeWarehouse
from inmet_platform.warehouse.session import Row

# The years that CLEAN holds; the job `judge_years` has a partition for each.
CLEAN_YEARS = dg.DynamicPartitionsDefinition(name="clean_years")


@dg.asset(deps=[snowflake_raw], group_name="inmet", kinds={"snowflake"}, pool=MERGES)
def snowflake_clean(
    context: dg.AssetExecutionContext,
    s3: S3Bucket,
    warehouse: SnowflakeWarehouse,
) -> dg.MaterializeResult:
    """Every observation once: one row per station and hour, typed, with units, in UTC.

    **Takes** the files that Snowpipe has loaded and no MERGE has taken yet. **Makes**
    `CLEAN.OBSERVATIONS` by one MERGE: an hour without any value has no row, and the newest
    edition wins when several sources hold an hour. Running it again changes nothing.
    `observed_at` marks the end of the hour.
    """
    started = time.monotonic()
    tag = f"dagster:{context.run.run_id}:snowflake_clean"
    with retrying(), warehouse.session(tag) as session:
        lease = Lease("clean", context.run.run_id, session, lambda: warehouse.session(tag))
        merged = merge_loaded(session, s3.bucket(), lease, context.log.info)
        totals = session.query("clean/count_observations")[0]
        years = present_years(session)
        files = session.query("load/count_files_by_state")
    context.instance.add_dynamic_partitions(
        str(CLEAN_YEARS.name), [str(row["of_year"]) for row in years]
    )
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": totals["row_count"],
            "stations": totals["station_count"],
            "first_hour": str(totals["first_hour"]),
            "last_hour": str(totals["last_hour"]),
            "files": merged.files,
            "rows_merged": merged.rows_changed,
            "years": _table(years) if years else "none",
            **files_by_state(files),
            **CLEAN_LINEAGE,
            "seconds": round(time.monotonic() - started, 2),
        }
    )


def _table(years: list[Row]) -> dg.TableMetadataValue:
    return dg.MetadataValue.table(
        [
            dg.TableRecord(
                {
                    "year": row["of_year"],
                    "rows": row["row_count"],
                    "last change": str(row["merged_at"]),
                    "judged as a whole by these rules": bool(row["is_judged"]),
                }
            )
            for row in years
        ]
    )
