"""The job that fetches INMET's yearly zips, and its monthly schedule.

It is no asset, because the portal's files are not made here. A stored zip starts the chain by its
event, like any upload.
"""

from datetime import UTC, datetime

import dagster as dg
from pydantic import Field

from inmet_platform.archive.download import Watch
from inmet_platform.archive.fetch import Fate, open_archive
from inmet_platform.archive.years import years_in_progress
from inmet_platform.resources.s3 import S3Bucket


class FetchArchiveConfig(dg.Config):
    """Which years."""

    # This year is no default, because the code server may have been started last year.
    years: list[int] = Field(
        default_factory=list,
        description="Years to fetch, such as [2023, 2024]; when empty the running one, and "
        "until March also the year before.",
    )


@dg.op
def fetch_years(
    context: dg.OpExecutionContext, config: FetchArchiveConfig, s3: S3Bucket
) -> list[str]:
    """Fetch years one after the other; fails at the end if any year did."""
    years = config.years or years_in_progress(datetime.now(UTC).date())
    outcomes = []
    with open_archive(s3.settings) as archive:
        for outcome in archive.fetch_each(years, Watch(told=context.log.warning)):
            context.log.info(outcome.sentence)
            outcomes.append(outcome)
    failed = [outcome.sentence for outcome in outcomes if outcome.fate == Fate.FAILED]
    if failed:
        raise dg.Failure("\n".join(failed))
    return [outcome.sentence for outcome in outcomes]


@dg.job(description="INMET's yearly zips, from the portal to raw/; what is known is not stored.")
def fetch_archive() -> None:
    """One op: the years are fetched one at a time, to be kind to the portal."""
    fetch_years()


running_year_archive = dg.ScheduleDefinition(
    name="running_year_archive",
    job=fetch_archive,
    # INMET replaces the running year's zip about once a month.
    cron_schedule="0 6 5 * *",
    execution_timezone="America/Sao_Paulo",
    # Off, so that somebody who only tries the platform downloads nothing.
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Every month the zip of the running year; off until somebody switches it on.",
)
