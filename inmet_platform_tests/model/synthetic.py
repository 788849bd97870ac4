"""Observations made by hand or drawn, for the model's tests."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from inmet_platform.model.features import Examples
from inmet_platform.model.grid import INPUTS, Grid, Matrix
from inmet_platform.model.training import RainModel, train
from inmet_platform.results.export import STATION_COLUMNS
from inmet_platform.results.manifest import CLEAN_SCHEMA
from inmet_platform.results.result_files import ResultFiles


def matrix(*rows: list[float | None]) -> Matrix:
    """Rows of stations; None is missing."""
    return np.array(rows, np.float32)


def listed(values: Matrix) -> list[list[float | None]]:
    """As lists, None for missing, three places."""
    return [[None if np.isnan(v) else round(float(v), 3) for v in row] for row in values]


def hours_from(first: str, count: int) -> NDArray[np.datetime64]:
    return np.datetime64(first, "h") + np.arange(count)


def grid_with(rain_mm: Matrix, *, first: str = "2024-01-01T00", seed: int = 0) -> Grid:
    """Stations 50 km apart in a row with this rain; the other variables are drawn."""
    count, hours = rain_mm.shape
    rng = np.random.default_rng(seed)
    values = {name: rng.uniform(1, 30, (count, hours)).astype(np.float32) for name in INPUTS}
    values["precipitation_mm"] = rain_mm
    places = np.column_stack(
        [np.full(count, -15.0), -47.0 + 0.47 * np.arange(count), np.full(count, 900.0)]
    )
    codes = np.array([f"A{number:03}" for number in range(1, count + 1)])
    return Grid(codes, places, hours_from(first, hours), values)


def synthetic_grid(
    stations: int = 14, days: int = 90, *, first: str = "2024-01-01T00", seed: int = 0
) -> Grid:
    """Storms that come from the west over damp air: rain that a model can foresee."""
    rng = np.random.default_rng(seed)
    hours = days * 24
    front = np.convolve(rng.normal(size=hours + 200), np.exp(-np.arange(40) / 6), "same")
    coming = np.stack([front[100 - 2 * n : 100 - 2 * n + hours] for n in range(stations)])
    noise = rng.normal(size=(stations, hours))
    wet = coming + noise > 1.2 * coming.std() + 0.5
    amount = np.where(wet, rng.gamma(0.7, 5.0, (stations, hours)).round(1), 0.0)
    made = grid_with(amount.astype(np.float32), first=first, seed=seed)
    ahead = np.roll(coming, -1, axis=1)
    damp = 70 + 5 * ahead + rng.normal(size=coming.shape)
    values = {**made.values, "humidity_pct": damp.astype(np.float32)}
    values = {name: _with_gaps(values[name], rng) for name in INPUTS}
    return replace(made, values=values)


def _with_gaps(values: Matrix, rng: np.random.Generator) -> Matrix:
    return np.where(rng.random(values.shape) < 0.02, np.float32(np.nan), values)


def part_of(grid: Grid, stations: slice = slice(None), hours: slice = slice(None)) -> Grid:
    return Grid(
        grid.station_ids[stations],
        grid.places[stations],
        grid.hours[hours],
        {name: values[stations, hours] for name, values in grid.values.items()},
    )


def changed(grid: Grid, where: NDArray[np.bool_], value: float) -> Grid:
    """Every variable is this value there, shape (S, H)."""
    return replace(
        grid,
        values={
            name: np.where(where, np.float32(value), values) for name, values in grid.values.items()
        },
    )


def table_of(grid: Grid) -> pa.Table:
    """One row a station and hour with an observation, as the clean files have them."""
    station, hour = np.nonzero(grid.observed)
    columns = {name: grid.values[name][station, hour].astype(np.float64) for name in INPUTS}
    columns = {name: pa.array(values, from_pandas=True) for name, values in columns.items()}
    return pa.table(
        {
            "station_id": pa.array(grid.station_ids[station].tolist()),
            "observed_at": pa.array(grid.hours[hour].astype("datetime64[us]")),
            **columns,
        }
    )


def write_results(folder: Path, grid: Grid) -> ResultFiles:
    """The files for people, with the columns of an export, one file a year."""
    files, table = ResultFiles(folder), table_of(grid)
    files.clean_folder.mkdir(parents=True, exist_ok=True)
    whole = {
        field.name: table[field.name]
        if field.name in table.column_names
        else pa.nulls(len(table), field.type)
        for field in CLEAN_SCHEMA
    }
    year = str(grid.hours[0].astype("datetime64[Y]"))
    pq.write_table(pa.table(whole), files.clean_folder / f"{year}.parquet")
    lines = [",".join(STATION_COLUMNS)]
    for code, place in zip(grid.station_ids, grid.places, strict=True):
        latitude, longitude, altitude = ("" if np.isnan(it) else f"{it:.6f}" for it in place)
        told = dict.fromkeys(STATION_COLUMNS, "")
        told |= {"station_id": code, "region": "CO", "is_current": "true"}
        told |= {"latitude_deg": latitude, "longitude_deg": longitude, "altitude_m": altitude}
        lines.append(",".join(told.values()))
    files.stations_csv.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return files


def examples_with(
    now_mm: list[float],
    next_mm: list[float],
    *,
    station: list[int] | None = None,
    hour: list[int] | None = None,
    features: Matrix | None = None,
) -> Examples:
    """Rows of consecutive hours of one station, with one feature that says nothing."""
    count = len(now_mm)
    values = np.zeros((count, 1), np.float32) if features is None else features
    return Examples(
        [f"feature_{number}" for number in range(values.shape[1])],
        values,
        np.array(station if station is not None else [0] * count, np.int64),
        np.array(hour if hour is not None else range(count), np.int64),
        np.array(now_mm, np.float32),
        np.array(next_mm, np.float32),
    )


# A sixth of it, less three days, is seven weeks.
LONG_GRID = synthetic_grid(4, 320)


@cache
def synthetic_model() -> RainModel:
    """Fitted once; whoever changes it makes a copy."""
    return train(synthetic_grid(12, 70))


@cache
def long_model() -> RainModel:
    """Fitted once, of enough days that two like it can be compared on the last weeks."""
    return train(LONG_GRID)
