"""The first asset: from raw objects to landing Parquet."""

import dagster as dg
from pydantic import Field

from inmet_platform.assets.metadata import bullets, files_by_state
from inmet_platform.assets.retries import retrying
from inmet_platform.intake.intake import Intake
from inmet_platform.ledger.lease import Lease
from inmet_platform.resources.s3 import RawEventQueue, S3Bucket
from inmet_platform.resources.snowflake import SnowflakeWarehouse
from inmet_platform.warehouse.schema_history import SchemaHistory

# All refusals are in RAW.REJECTED_FILES.
MOST_REFUSALS = 50


class RawS3FileConfig(dg.Config):
    """Which objects to take in; by default all that are pending."""

    keys: list[str] = Field(
        default_factory=list,
        description="Raw keys to take in, besides those that events named.",
    )
    found: list[str] = Field(
        default_factory=list,
        description="Raw keys that the sensor found without an event; one that S3 does not give "
        "any more is passed by.",
    )
    reconcile: bool = Field(
        default=True,
        description="Also compare all of raw/ with the ledger; the sensor leaves this out.",
    )
    force: bool = Field(
        default=False,
        description="Read the objects named in `keys` again, whatever their state, and let "
        "Snowpipe load them under new paths.",
    )


@dg.asset(deps=["raw_objects"], group_name="inmet", kinds={"s3", "parquet"})
def raw_s3_file(
    context: dg.AssetExecutionContext,
    config: RawS3FileConfig,
    s3: S3Bucket,
    queue: RawEventQueue,
    warehouse: SnowflakeWarehouse,
) -> dg.MaterializeResult:
    """Files of INMET, read and written as Parquet for Snowpipe.

    **Takes** every pending object under `raw/` (portal CSV, BDMEP, react-csv, flattened, or a
    zip of them). **Makes** typed Parquet under `landing/`, one row per hour with its line
    number, and one row per file in the ledger `RAW.FILES`. A file that cannot be read is in
    `RAW.REJECTED_FILES` with the reason. Running it again takes nothing twice.

    Source: INMET, Instituto Nacional de Meteorologia (portal.inmet.gov.br).
    """
    tag = f"dagster:{context.run.run_id}:raw_s3_file"
    with retrying(), warehouse.session(tag) as session:
        SchemaHistory(session).require_known()
        lease = Lease("intake", context.run.run_id, session, lambda: warehouse.session(tag))
        intake = Intake(s3.bucket(), queue.events(), session, lease, context.log.info)
        intake.find(config.keys, reconcile=config.reconcile, force=config.force, found=config.found)
        taken = intake.take_all()
        files = session.query("load/count_files_by_state")
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": taken.rows,
            "files": taken.files,
            **files_by_state(files),
            "passed_by": taken.passed_by,
            "rejected_files": taken.rejected_files,
            "rejected_members": taken.rejected_members,
            "duplicates": taken.duplicates,
            "observations": taken.observations,
            "bytes": taken.size_bytes,
            "seconds": round(taken.seconds, 2),
            "refusals": bullets(taken.refusals[:MOST_REFUSALS]),
        }
    )
