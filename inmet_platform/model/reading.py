"""The clean Parquet files and the stations as the model's input: the newest hours as a grid."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from inmet_platform.errors import Place as FilePlace
from inmet_platform.errors import UnreadableFile
from inmet_platform.model.grid import INPUTS, Grid, Place, grid_of

# Stations times hours: some 13 months of the whole network, or all hours of one station. Training
# with more takes more than 4 GB.
MOST_CELLS = 6_000_000

_OF_A_PLACE = ("latitude_deg", "longitude_deg", "altitude_m")


@dataclass(frozen=True)
class StationPlaces:
    """Places and regions by station, as `inmet_stations.csv` has them."""

    places: dict[str, Place]
    regions: dict[str, str]


def read_stations(path: Path) -> StationPlaces:
    """The current version of every station.

    Raises:
        UnreadableFile: it is not a file of stations.
    """
    places, regions = {}, {}
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream, strict=True):
                if row["is_current"] == "true":
                    code = row["station_id"]
                    places[code] = Place(*(float(row[name] or "nan") for name in _OF_A_PLACE))
                    regions[code] = row["region"]
    except (OSError, ValueError, KeyError, csv.Error) as error:
        raise _unreadable(path, f"{type(error).__name__}: {error}") from error
    return StationPlaces(places, regions)


def read_grid(
    folder: Path, places: dict[str, Place], *, newest_hours: int | None = None
) -> Grid | None:
    """The newest hours of all stations; None when there is no observation.

    Args:
        folder: with `<year>.parquet`, as `inmet_clean_csv` writes them.
        places: by station.
        newest_hours: how many hours up to the newest; by default as many as `MOST_CELLS` allows.

    Raises:
        UnreadableFile: a file lacks a column or is not a Parquet file.
    """
    files = sorted(str(path) for path in folder.glob("[0-9]*.parquet"))
    if not files:
        return None
    [found] = _query(
        "SELECT MAX(observed_at) AS newest, COUNT(DISTINCT station_id) AS stations "
        "FROM read_parquet(?)",
        [files],
        folder,
    ).to_pylist()
    if found["newest"] is None:
        return None
    hours = newest_hours or max(MOST_CELLS // found["stations"], 1)
    columns = ", ".join(("station_id", "observed_at", *INPUTS))
    observations = _query(
        f"SELECT {columns} FROM read_parquet(?) WHERE observed_at > ?",  # noqa: S608 - our names
        [files, found["newest"] - timedelta(hours=hours)],
        folder,
    )
    return grid_of(observations, places)


def _query(sql: str, values: list[Any], where: Path) -> pa.Table:
    with duckdb.connect() as connection:
        try:
            return connection.sql(sql, params=values).to_arrow_table()
        except duckdb.Error as error:
            raise _unreadable(where, str(error).split("\n")[0]) from error


def _unreadable(where: Path, found: str) -> UnreadableFile:
    return UnreadableFile(
        FilePlace(str(where)),
        expected="the clean files as inmet_clean_csv writes them",
        found=found,
        remedy="Materialize inmet_clean_csv again.",
    )
