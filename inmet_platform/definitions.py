"""The code location: assembles, nothing else."""

from __future__ import annotations

from collections.abc import Mapping

import dagster as dg

from inmet_platform.assets.catalogue import described
from inmet_platform.assets.inmet_clean_csv import inmet_clean_csv
from inmet_platform.assets.rain_forecast import rain_forecast
from inmet_platform.assets.raw_s3_file import raw_s3_file
from inmet_platform.assets.snowflake_clean import snowflake_clean
from inmet_platform.assets.snowflake_raw import snowflake_raw
from inmet_platform.assets.trained_model import trained_model
from inmet_platform.automation import (
    alerts,
    archive_job,
    jobs,
    judge_job,
    pipe_sensor,
    raw_sensor,
)
from inmet_platform.automation.executor import beating_executor
from inmet_platform.checks import (
    catalogue,
    clean,
    files,
    model,
    pipes,
    published,
    quality,
    stations,
)
from inmet_platform.config.settings import Settings, load_settings
from inmet_platform.resources.alerts import AlertWebhook
from inmet_platform.resources.mlflow import MlflowTracking
from inmet_platform.resources.results import ResultsFolder
from inmet_platform.resources.s3 import RawEventQueue, S3Bucket
from inmet_platform.resources.snowflake import SnowflakeWarehouse


def build_defs(
    settings: Settings, loggers: Mapping[str, dg.LoggerDefinition] | None = None
) -> dg.Definitions:
    """The graph for the endpoints of `settings`; a test builds the same one with its own."""
    home = str(settings.home)
    optional = [catalogue] if settings.station_catalogue else []
    return dg.Definitions(
        assets=described(
            [
                *(raw_s3_file, snowflake_raw, snowflake_clean, inmet_clean_csv),
                *(trained_model, rain_forecast),
            ],
            settings,
        ),
        asset_checks=dg.load_asset_checks_from_modules(
            [files, pipes, clean, quality, stations, published, model, *optional]
        ),
        jobs=[
            jobs.inmet_chain,
            jobs.inmet_intake,
            judge_job.judge_years,
            archive_job.fetch_archive,
        ],
        schedules=[archive_job.running_year_archive],
        sensors=[
            *(raw_sensor.raw_files_sensor, raw_sensor.automation, pipe_sensor.snowpipe_watch),
            *_alerts(settings),
        ],
        resources={
            "s3": S3Bucket(home=home),
            "queue": RawEventQueue(home=home),
            "warehouse": SnowflakeWarehouse(home=home),
            "results": ResultsFolder(path=str(settings.processed_dir)),
            "mlflow": MlflowTracking(home=home),
            "alerts": AlertWebhook(home=home),
        },
        executor=beating_executor,
        loggers=loggers,
    )


def _alerts(settings: Settings) -> list[dg.SensorDefinition]:
    if settings.alert_webhook_url is None:
        return []
    return [alerts.alert_of_failed_runs, alerts.alert_of_failed_checks]


@dg.definitions
def defs() -> dg.Definitions:
    """Read the settings and build the definitions."""
    return build_defs(load_settings())
