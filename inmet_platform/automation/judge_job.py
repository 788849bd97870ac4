"""The job that judges years of CLEAN anew and writes their files: a partition for each year.

It is no asset, because one asset with partitions would have the whole chain ask for a partition.
Its page shows the years that CLEAN holds; a backfill of some is a run for each.
"""

import dagster as dg
from pydantic import Field

from inmet_platform.assets.inmet_clean_csv import export_metadata, inmet_clean_csv
from inmet_platform.assets.pools import EXPORTS, MERGES
from inmet_platform.assets.retries import retrying
from inmet_platform.assets.snowflake_clean import CLEAN_YEARS
from inmet_platform.checks.clean import duplicate_hours
from inmet_platform.cleaning.judging import judge_years as judge
from inmet_platform.resources.results import ResultsFolder
from inmet_platform.resources.s3 import S3Bucket
from inmet_platform.resources.snowflake import SnowflakeWarehouse
from inmet_platform.results.export import export_clean


class JudgeConfig(dg.Config):
    """Which years, for many in one run."""

    years: list[int] = Field(
        default_factory=list,
        description="Years to judge, such as [2019, 2020], besides the run's partition.",
    )


@dg.op(pool=MERGES)
def judge_clean(
    context: dg.OpExecutionContext, config: JudgeConfig, warehouse: SnowflakeWarehouse
) -> list[int]:
    """Judge the years by the quality rules of today; the years are handed on."""
    partition = [int(context.partition_key)] if context.has_partition_key else []
    years = sorted({*partition, *config.years})
    with retrying(), warehouse.session(f"dagster:{context.run.run_id}:judge_clean") as session:
        judge(session, years, context.log.info)
    return years


@dg.op(pool=EXPORTS)
def write_files(
    context: dg.OpExecutionContext,
    years: list[int],
    s3: S3Bucket,
    warehouse: SnowflakeWarehouse,
    results: ResultsFolder,
) -> None:
    """Write the years that changed; of a year that holds an hour twice nothing is written."""
    with retrying(), warehouse.session(f"dagster:{context.run.run_id}:write_files") as session:
        twice = [row for year in years for row in duplicate_hours(session, year)]
        if twice:
            raise dg.Failure(
                f"expected each hour once in CLEAN; found {len(twice)} or more twice, the first of "
                f"{twice[0]['station_id']} at {twice[0]['observed_at']}. Nothing is written."
            )
        export = export_clean(session, s3.bucket(), results.files, context.log.info)
    context.log_event(
        dg.AssetMaterialization(
            inmet_clean_csv.key, metadata=export_metadata(export, results.files)
        )
    )


@dg.job(
    partitions_def=CLEAN_YEARS,
    description="Years of CLEAN judged anew by the quality rules of today, and their files.",
)
def judge_years() -> None:
    """First CLEAN, then the files."""
    write_files(judge_clean())
