"""After the model: what it says of the next hour."""

import time

import dagster as dg

from inmet_platform.assets.trained_model import trained_model
from inmet_platform.resources.mlflow import MlflowTracking
from inmet_platform.resources.results import ResultsFolder
from inmet_platform.resources.snowflake import SnowflakeWarehouse


@dg.asset(
    deps=[trained_model],
    group_name="inmet",
    kinds={"parquet", "snowflake"},
    automation_condition=dg.AutomationCondition.eager(),
)
def rain_forecast(
    context: dg.AssetExecutionContext,
    results: ResultsFolder,
    mlflow: MlflowTracking,
    warehouse: SnowflakeWarehouse,
) -> dg.MaterializeResult:
    """How likely it rains in the hour after each station's newest, by the champion.

    **Takes** the newest clean hours and the model with the alias `champion`. **Makes**
    `data/processed/inmet_rain_forecast.parquet`, one row a station, and adds the same rows to
    `CLEAN.RAIN_FORECAST`, where earlier forecasts stay. Without a champion it makes nothing and
    says so. Times are UTC; `valid_at` is the end of the hour forecast.
    """
    from inmet_platform.model_registry.forecasting import (
        NoChampion,
        make_forecast,
        write_parquet,
        write_warehouse,
    )

    started = time.monotonic()
    try:
        made = make_forecast(mlflow.settings, results.files)
    except NoChampion as reason:
        context.log.warning(f"no forecast: {reason}")
        return dg.MaterializeResult(metadata={"dagster/row_count": 0, "summary": str(reason)})
    with warehouse.session(f"dagster:{context.run.run_id}:rain_forecast") as session:
        write_warehouse(session, made.table)
    write_parquet(made.table, results.files.forecast_parquet)
    rows = made.table.num_rows
    wet = sum(made.table["says_rain"].to_pylist())
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": rows,
            "summary": f"{rows} station(s), rain in the next hour at {wet}",
            "model_version": made.champion.version,
            "newest_hour": str(made.grid.hours[-1]),
            "path": dg.MetadataValue.path(str(results.files.forecast_parquet)),
            "seconds": round(time.monotonic() - started, 2),
        }
    )
