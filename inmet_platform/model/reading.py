"""The clean Parquet files and the stations as the model's input: the newest hours as a grid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from inmet_platform.errors import Place as FilePlace
from inmet_platform.errors import UnreadableFile
from inmet_platform.model.grid import INPUTS, Grid, Place, grid_of

# Stations times hours: of the whole network some 13 months, of one station since ever. More takes
# more than 4 GB to learn from.
MOST_CELLS = 6_000_000

_REMEDY = "Materialize inmet_clean_csv again."


@dataclass(frozen=True)
class StationPlaces:
    """Places and regions by station, as `inmet_stations.csv` has them."""

    places: dict[str, Place]
    regions: dict[str, str]


def read_stations(path: Path) -> StationPlaces:
    """Current stations; none when nothing has told of any.

    Raises:
        UnreadableFile: it is no file of stations.
    """
    query = """
        SELECT station_id, region, latitude_deg, longitude_deg, altitude_m
        FROM read_csv(?, header = true, all_varchar = true) WHERE is_current = 'true'
    """
    places, regions = {}, {}
    for code, region, *place in _rows(query, [str(path)], path):
        latitude, longitude, altitude = (float("nan" if it is None else it) for it in place)
        places[code] = Place(latitude, longitude, altitude)
        regions[code] = region or ""
    return StationPlaces(places, regions)


def read_grid(
    folder: Path, places: dict[str, Place], *, newest_hours: int | None = None
) -> Grid | None:
    """The newest hours of all stations; None when there is no observation.

    Args:
        folder: of `<year>.parquet`, as `inmet_clean_csv` writes them.
        places: by station.
        newest_hours: how many hours up to the newest; by default as many as `MOST_CELLS` allow.

    Raises:
        UnreadableFile: a file lacks a column or is no Parquet file.
    """
    files = sorted(str(path) for path in folder.glob("[0-9]*.parquet"))
    if not files:
        return None
    [(newest, oldest, stations)] = _rows(
        "SELECT MAX(observed_at), MIN(observed_at), COUNT(DISTINCT station_id) "
        "FROM read_parquet(?)",
        [files],
        folder,
    )
    if newest is None:
        return None
    since = _since(newest, oldest, newest_hours or max(MOST_CELLS // stations, 1))
    columns = ", ".join(("station_id", "observed_at", *INPUTS))
    table = _table(
        f"SELECT {columns} FROM read_parquet(?) WHERE observed_at > ?",  # noqa: S608 - our names
        [files, since],
        folder,
    )
    return grid_of(table, places)


def _since(newest: datetime, oldest: datetime, hours: int) -> datetime:
    return max(newest - timedelta(hours=hours), oldest - timedelta(hours=1))


def _rows(query: str, values: list[Any], where: Path) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        try:
            rows: list[tuple[Any, ...]] = connection.execute(query, values).fetchall()
            return rows
        except duckdb.Error as error:
            raise _unreadable(where, error) from error


def _table(query: str, values: list[Any], where: Path) -> pa.Table:
    with duckdb.connect() as connection:
        try:
            return connection.sql(query, params=values).to_arrow_table()
        except duckdb.Error as error:
            raise _unreadable(where, error) from error


def _unreadable(where: Path, error: duckdb.Error) -> UnreadableFile:
    return UnreadableFile(
        FilePlace(str(where)),
        expected="the clean files as inmet_clean_csv writes them",
        found=str(error).split("\n")[0],
        remedy=_REMEDY,
    )
