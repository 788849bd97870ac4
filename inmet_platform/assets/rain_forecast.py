"""The sixth asset: the champion's forecast of the next hour."""

import time

import dagster as dg

from inmet_platform.assets.conditions import WHEN_DEPS_ARE_TRUSTED
from inmet_platform.assets.trained_model import trained_model
from inmet_platform.model_registry import forecasting
from inmet_platform.resources.mlflow import MlflowTracking
from inmet_platform.resources.results import ResultsFolder
from inmet_platform.resources.snowflake import SnowflakeWarehouse


@dg.asset(
    deps=[trained_model],
    group_name="inmet",
    kinds={"parquet", "snowflake"},
    automation_condition=WHEN_DEPS_ARE_TRUSTED,
)
def rain_forecast(
    context: dg.AssetExecutionContext,
    results: ResultsFolder,
    mlflow: MlflowTracking,
    warehouse: SnowflakeWarehouse,
) -> dg.MaterializeResult:
    """The champion's probability of rain in the hour after each station's newest.

    **Takes** the newest clean hours and the model with the alias `champion`. **Makes**
    `data/processed/inmet_rain_forecast.parquet`, one row per station, and adds the same rows to
    `CLEAN.RAIN_FORECAST`, where earlier forecasts stay. Without a champion it makes nothing and
    says so. Times are UTC; `valid_at` is the end of the hour forecast.
    """
    started = time.monotonic()
    try:
        forecast = forecasting.make_forecast(mlflow.settings, results.files)
    except forecasting.NoChampion as reason:
        context.log.warning(f"no forecast: {reason}")
        return dg.MaterializeResult(metadata={"dagster/row_count": 0, "summary": str(reason)})
    with warehouse.session(f"dagster:{context.run.run_id}:rain_forecast") as session:
        forecasting.write_warehouse(session, forecast.table)
    forecasting.write_parquet(forecast.table, results.files.forecast_parquet)
    rows = forecast.table.num_rows
    wet = sum(forecast.table["says_rain"].to_pylist())
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": rows,
            "summary": f"{rows} station(s), rain in the next hour at {wet}",
            "model_version": forecast.champion.version,
            "newest_hour": str(forecast.grid.hours[-1]),
            "path": dg.MetadataValue.path(str(results.files.forecast_parquet)),
            "seconds": round(time.monotonic() - started, 2),
        }
    )
