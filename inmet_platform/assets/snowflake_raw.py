"""The second asset: from landing Parquet to RAW, by Snowpipe."""

import time

import dagster as dg
from pydantic import Field

from inmet_platform.assets.raw_s3_file import raw_s3_file
from inmet_platform.assets.retries import retrying
from inmet_platform.resources.s3 import S3Bucket
from inmet_platform.resources.snowflake import SnowflakeWarehouse
from inmet_platform.snowpipe.loading import load_landed

# Tag of a run that left files waiting for Snowpipe: the sensor starts another after a pause.
FILES_WAITING = "inmet/files_waiting_for_snowpipe"


class SnowflakeRawConfig(dg.Config):
    """How long to wait for Snowpipe."""

    deadline_s: float = Field(
        default=900.0,
        description="A minute is usually enough on Snowflake, a second on the embedded endpoint.",
    )


@dg.asset(deps=[raw_s3_file], group_name="inmet", kinds={"snowflake", "snowpipe"})
def snowflake_raw(
    context: dg.AssetExecutionContext,
    config: SnowflakeRawConfig,
    s3: S3Bucket,
    warehouse: SnowflakeWarehouse,
) -> dg.MaterializeResult:
    """Every edition that INMET published, in Snowflake, with lineage and load time.

    **Waits** until Snowpipe has loaded every landed file, and asks COPY_HISTORY and PIPE_STATUS
    at growing intervals. **Makes** `RAW.OBSERVATIONS`, append-only: one row per hour of a file,
    also for hours without any value; beside it `RAW.PUBLISHED_VALUES`, BDMEP's days and months, and
    `RAW.STATION_HEADERS`. What is loaded goes on, whatever else is stuck: `stuck` says why (a
    paused or stalled pipe, a dead notification) and what to do.
    """
    started = time.monotonic()
    with retrying(), warehouse.session(f"dagster:{context.run.run_id}:snowflake_raw") as session:
        loaded = load_landed(session, s3.bucket(), config.deadline_s, context.log.info)
        totals = session.query("load/count_raw_observations")[0]
        [published] = session.query("load/count_published_values")
    if loaded.waiting:
        context.log.error(str(loaded.stuck))
        tags = {FILES_WAITING: str(loaded.waiting)}
        context.instance.add_run_tags(context.run.run_id, tags)
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": totals["row_count"],
            "stations": totals["station_count"],
            "published_values": published["value_count"],
            "files": loaded.files,
            "rows_loaded": loaded.rows,
            "bytes": loaded.size_bytes,
            "refused": "; ".join(loaded.refusals) or "none",
            "waiting": loaded.waiting,
            "stuck": str(loaded.stuck or "none"),
            "seconds": round(time.monotonic() - started, 2),
        }
    )
