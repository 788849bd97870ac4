"""The champion's forecast: from the clean files to rows for people, a file and the warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from inmet_platform.errors import PlatformError
from inmet_platform.model.recipe import CHAMPION, MODEL_NAME
from inmet_platform.model_registry import registry
from inmet_platform.results.result_files import ResultFiles
from inmet_platform.warehouse.session import Session
from inmet_platform.warehouse.timestamps import utc_now

if TYPE_CHECKING:
    from inmet_platform.config.shared_servers import SharedServers
    from inmet_platform.model.grid import Grid


class NoChampion(PlatformError):
    """There is no model to forecast with."""


class NoForecast(PlatformError):
    """There is a model, but the station has no recent observation to forecast from."""


@dataclass(frozen=True)
class Forecast:
    """The forecast for every station (see `model.forecast.forecast`), its model and its grid."""

    table: pa.Table
    champion: registry.StoredModel
    grid: Grid


def make_forecast(settings: SharedServers, files: ResultFiles) -> Forecast:
    """Forecast the hour after the newest of every station.

    Raises:
        NoChampion: there is no champion, it was made with other features, or there is no
            observation.
        UnreadableModel: the champion cannot be loaded.
        StoreUnavailable: the store of the models does not answer.
    """
    from inmet_platform.model.forecast import HOURS_NEEDED, forecast, newest_rows
    from inmet_platform.model.reading import read_grid, read_stations

    client = registry.open_client(settings)
    found = registry.champion_version(client)
    if found is None:
        raise NoChampion(
            f"MLflow has no {MODEL_NAME} with the alias {CHAMPION}.",
            remedy="Materialize trained_model (`inmet run FILE`) with at least 60 days of data.",
        )
    champion = registry.load(client, found)
    places = read_stations(files.stations_csv).places
    grid = read_grid(files.clean_folder, places, newest_hours=HOURS_NEEDED)
    if grid is None:
        raise NoChampion(
            f"{files.clean_folder} holds no clean observation.",
            remedy="Bring in a file: `inmet run`.",
        )
    rows = newest_rows(grid)
    if not champion.has_features(rows.names):
        raise NoChampion(
            f"{MODEL_NAME} version {champion.version} was made with other features.",
            remedy="Materialize trained_model; a model that beats Markov takes its place.",
        )
    threshold = float(champion.metadata["rain_threshold"])
    table = forecast(grid, rows, champion.estimator, champion.version, threshold)
    return Forecast(table, champion, grid)


def rows_of(made: Forecast, stations: list[str]) -> list[dict[str, Any]]:
    """The forecasts for some stations, or all when none is named, rounded to three places.

    Raises:
        NoForecast: a station has none.
    """
    rows = made.table.to_pylist()
    absent = sorted(set(stations) - {row["station_id"] for row in rows})
    if absent:
        known = ", ".join(made.grid.station_ids[:5])
        raise NoForecast(
            f"no forecast for {', '.join(absent)}: expected a station with an observation in the "
            f"two days before {made.grid.hours[-1]} UTC, such as {known}.",
            remedy=f"`inmet export --station {absent[0]}` shows what is there.",
        )
    for row in rows:
        row |= {name: round(row[name], 3) for name in row if name.startswith("probability_")}
    return [row for row in rows if not stations or row["station_id"] in stations]


def write_parquet(table: pa.Table, path: Path) -> None:
    """Replace the file as a whole, so that nobody reads half of it."""
    scratch = path.with_suffix(".new")
    pq.write_table(table, scratch, compression="zstd")
    scratch.replace(path)


def write_warehouse(session: Session, table: pa.Table) -> None:
    """Merge the forecasts into `CLEAN.RAIN_FORECAST`, where earlier ones stay."""
    made_at = utc_now()
    rows: list[dict[str, Any]] = [{**row, "made_at": made_at} for row in table.to_pylist()]
    session.execute("forecast/create_new_forecasts")
    session.execute_many("forecast/insert_new_forecast", rows)
    session.execute("forecast/merge_rain_forecast")
