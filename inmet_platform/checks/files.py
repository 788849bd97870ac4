"""Checks on the intake: refused files, dead events, rows lost between landing and RAW."""

import dagster as dg

from inmet_platform.assets.metadata import bullets
from inmet_platform.assets.raw_s3_file import raw_s3_file
from inmet_platform.assets.snowflake_raw import snowflake_raw
from inmet_platform.resources.s3 import RawEventQueue
from inmet_platform.resources.snowflake import SnowflakeWarehouse


@dg.asset_check(asset=raw_s3_file)
def no_file_is_rejected(
    context: dg.AssetCheckExecutionContext, warehouse: SnowflakeWarehouse
) -> dg.AssetCheckResult:
    """Warns about every file or member of a zip that no reader accepts."""
    with warehouse.session(f"dagster:{context.run.run_id}:no_file_is_rejected") as session:
        rows = session.query("load/select_rejected_files")
    return dg.AssetCheckResult(
        passed=not rows,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "threshold": 0,
            "rejected (newest 20)": bullets(row["message"] for row in rows),
        },
    )


@dg.asset_check(asset=raw_s3_file)
def no_event_is_dead(queue: RawEventQueue) -> dg.AssetCheckResult:
    """Warns about events that failed every time and are in the dead-letter queue."""
    dead = queue.events().dead_letters()
    return dg.AssetCheckResult(
        passed=not (dead and dead.count),
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "threshold": 0,
            "dead events": dead.count if dead else 0,
            "queue": dead.queue_name if dead else "none: the queue of raw/ has no redrive policy",
        },
    )


@dg.asset_check(asset=snowflake_raw, blocking=True)
def every_landed_row_is_in_raw(
    context: dg.AssetCheckExecutionContext, warehouse: SnowflakeWarehouse
) -> dg.AssetCheckResult:
    """RAW holds as many rows of each loaded file as its Parquet has; otherwise the chain stops."""
    with warehouse.session(f"dagster:{context.run.run_id}:every_landed_row_is_in_raw") as session:
        rows = session.query("load/select_incomplete_loads")
    return dg.AssetCheckResult(
        passed=not rows,
        metadata={
            "threshold": 0,
            "offenders": bullets(
                f"{row['landing_key']}: {row['landed_rows']} landed, {row['raw_rows']} in RAW"
                for row in rows
            ),
        },
    )
