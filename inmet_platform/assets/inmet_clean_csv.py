"""The fourth asset: from CLEAN to a CSV for people."""

import time
from typing import Any

import dagster as dg

from inmet_platform.assets.catalogue import CSV_LINEAGE
from inmet_platform.assets.conditions import WHEN_DEPS_ARE_TRUSTED
from inmet_platform.assets.pools import EXPORTS
from inmet_platform.assets.retries import retrying
from inmet_platform.assets.snowflake_clean import snowflake_clean
from inmet_platform.resources.results import ResultsFolder
from inmet_platform.resources.s3 import S3Bucket
from inmet_platform.resources.snowflake import SnowflakeWarehouse
from inmet_platform.results.export import Export, export_clean
from inmet_platform.results.result_files import ResultFiles


@dg.asset(
    deps=[snowflake_clean],
    group_name="inmet",
    kinds={"csv", "parquet"},
    pool=EXPORTS,
    automation_condition=WHEN_DEPS_ARE_TRUSTED,
)
def inmet_clean_csv(
    context: dg.AssetExecutionContext,
    s3: S3Bucket,
    warehouse: SnowflakeWarehouse,
    results: ResultsFolder,
) -> dg.MaterializeResult:
    """`data/processed/inmet_clean.csv` and `inmet_clean/<year>.parquet`: every clean observation.

    Header `station_id,observed_at`, then 17 variables with their unit in the name, their flags
    and `qc_tests`; sorted by year, station and time; UTF-8, comma, decimal point, UTC, an empty
    field is a missing value. Only years that changed are written, and each file is replaced as a
    whole. Fonte: INMET, Instituto Nacional de Meteorologia.
    """
    started = time.monotonic()
    with retrying(), warehouse.session(f"dagster:{context.run.run_id}:inmet_clean_csv") as session:
        export = export_clean(session, s3.bucket(), results.files, context.log.info)
    context.log.info(f"{export.rows:,} hours of {export.stations} station(s) written")
    return dg.MaterializeResult(
        data_version=dg.DataVersion(export.sha256),
        metadata={
            **export_metadata(export, results.files),
            "seconds": round(time.monotonic() - started, 2),
        },
    )


def export_metadata(export: Export, files: ResultFiles) -> dict[str, Any]:
    """What the catalogue shows of an export."""
    return {
        "dagster/row_count": export.rows,
        "stations": export.stations,
        "bytes": export.size_bytes,
        "sha256": export.sha256,
        "years_written": ", ".join(map(str, export.years_written)) or "none",
        **CSV_LINEAGE,
        "path": dg.MetadataValue.path(str(files.clean_csv)),
    }
