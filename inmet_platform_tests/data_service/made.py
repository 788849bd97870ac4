"""Exported files as an export lays them out, with hours made here."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from inmet_platform.config.settings import Settings
from inmet_platform.inmet.schema import VARIABLE_NAMES
from inmet_platform.results.export import STATION_COLUMNS
from inmet_platform.results.manifest import CLEAN_SCHEMA
from inmet_platform.results.result_files import ResultFiles

PLACES = {
    "A001": ("DF", -15.8, -47.9),
    "A002": ("AM", -3.1, -60.0),
    "A003": ("PE", -3.8, -32.4),
    "A009": ("RS", -30.1, -51.2),
}


def hours(code: str, first: str, count: int, **values: Any) -> list[dict[str, Any]]:
    """Rows of CLEAN, one an hour; a value may be a number or a list of `count`."""
    labels = pd.date_range(first, periods=count, freq="h").to_pydatetime()
    return [
        {"station_id": code, "observed_at": label}
        | {name: it[place] if isinstance(it, list) else it for name, it in values.items()}
        for place, label in enumerate(labels)
    ]


def weather(code: str, first: str, count: int, seed: int, gaps: float) -> list[dict[str, Any]]:
    """Hours with every variable, of which a share is missing, and whole hours, too."""
    rng = np.random.default_rng(seed)
    rows = hours(code, first, count)
    for row in rows:
        for name in VARIABLE_NAMES:
            if rng.random() >= gaps:
                row[name] = float(np.round(rng.uniform(0, 30), 1))
        row["wind_direction_deg"] = float(rng.integers(0, 361))
        row["precipitation_mm"] = None if rng.random() < gaps else float(rng.choice([0, 0, 0, 7.2]))
    return [row for row in rows if rng.random() >= gaps]


def write(settings: Settings, rows: list[dict[str, Any]]) -> None:
    """`<year>.parquet`, and the CSV of the stations."""
    folder = ResultFiles(settings.processed_dir).clean_folder
    folder.mkdir(parents=True, exist_ok=True)
    for year in {row["observed_at"].year for row in rows}:
        held = [row for row in rows if row["observed_at"].year == year]
        held.sort(key=lambda row: (row["station_id"], row["observed_at"]))
        table = pa.Table.from_pylist(held, schema=CLEAN_SCHEMA)
        scratch = folder / f"{year}.new"
        pq.write_table(table, scratch)
        scratch.replace(folder / f"{year}.parquet")
    _write_stations(settings.processed_dir / "inmet_stations.csv")


def _write_stations(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, STATION_COLUMNS)
        writer.writeheader()
        for code, (uf, latitude, longitude) in PLACES.items():
            writer.writerow(
                {
                    **{"station_id": code, "station_name": f"ESTAÇÃO {code}", "uf": uf},
                    **{"latitude_deg": latitude, "longitude_deg": longitude, "is_current": "true"},
                }
            )


def moment(text: str) -> datetime:
    """A time of an answer."""
    return datetime.fromisoformat(text)
