"""The exported files that the data service reads, of two synthetic stations."""

from __future__ import annotations

import csv
import json
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from inmet_platform.inmet.readers import read_observations
from inmet_platform.inmet.sample import sample_station_year
from inmet_platform.inmet.schema import FLAG_NAMES, VARIABLE_NAMES
from inmet_platform.results.manifest import CLEAN_SCHEMA

STATIONS = {"Z999": ("ESTACAO SINTETICA", -15.79, -47.93), "Z998": ("SÃO SINTÉTICO", -5.1, -42.8)}

COLUMNS = (
    *("station_id", "station_name", "uf", "region", "latitude_deg", "longitude_deg"),
    *("altitude_m", "founded_on", "valid_from", "valid_to", "is_current"),
)


def write_files(folder: Path) -> None:
    """Two years of Z999, half of one of Z998, a forecast and a model's summary."""
    clean = folder / "inmet_clean"
    clean.mkdir(parents=True)
    pq.write_table(_year("Z999", 2023, 1), clean / "2023.parquet")
    other = _year("Z998", 2024, 3).slice(0, 24 * 180)
    pq.write_table(pa.concat_tables([_year("Z999", 2024, 2), other]), clean / "2024.parquet")
    _write_stations(folder / "inmet_stations.csv")
    newest = pc.max(_year("Z999", 2024, 2)["observed_at"]).as_py()
    pq.write_table(_forecast(newest), folder / "inmet_rain_forecast.parquet")
    (folder / "inmet_model.json").write_text(json.dumps(_model()), encoding="utf-8")
    (folder / "inmet_drift.json").write_text(json.dumps(DRIFT), encoding="utf-8")


def _year(station_id: str, year: int, seed: int) -> pa.Table:
    """CLEAN's rows: those with a temperature, every value flagged good or missing."""
    table = read_observations(sample_station_year(year, seed=seed)[1], file="sample").table
    columns = {
        "station_id": pa.array([station_id] * len(table)),
        "observed_at": table["observed_at"],
    }
    columns |= {name: table[name] for name in VARIABLE_NAMES}
    for name, flag in FLAG_NAMES.items():
        columns[flag] = pc.if_else(pc.is_null(table[name]), 9, 1)
    columns["qc_tests"] = pa.array([0] * len(table))
    rows = pa.table(columns).cast(CLEAN_SCHEMA)
    return rows.filter(pc.is_valid(rows["temperature_c"]))


def _write_stations(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(COLUMNS)
        for code, (name, latitude, longitude) in STATIONS.items():
            founded = "2000-05-07"
            out.writerow(
                [code, name, "DF", "CO", latitude, longitude, 1160, founded, founded, "", "true"]
            )


def _forecast(newest: datetime) -> pa.Table:
    chances = {"probability_over_0_mm": 0.31, "probability_over_5_mm": 0.05}
    return pa.table(
        {
            "station_id": ["Z999"],
            "observed_at": pa.array([newest], pa.timestamp("us")),
            "valid_at": pa.array([newest + timedelta(hours=1)], pa.timestamp("us")),
            **{name: [value] for name, value in chances.items()},
            "probability_over_25_mm": [0.002],
            "says_rain": [False],
            "model_version": ["1"],
        }
    )


DRIFT = {
    "drift": [
        {"version": "1", "feature": "humidity_pct", "index": 0.31, "has_drifted": True},
        {"version": "1", "feature": "rain_mm", "index": 0.02, "has_drifted": False},
    ],
}


def _model() -> dict[str, object]:
    """The form of the summary that training writes, with made numbers."""
    return {
        "version": "2",
        "periods": {
            "train": "2023-01-01T00 to 2023-12-31T23",
            "calibration": "2024-01-04T00 to 2024-03-31T23",
            "test": "2024-04-04T00 to 2024-12-31T22",
        },
        "versions": [
            {"version": version, "trained_at": "2025-01-02T03:04:05+00:00", "outcome": outcome}
            | {"is_champion": version == 1, "brier": 0.031, "skill_against_markov": 0.06}
            for version, outcome in ((2, "champion kept"), (1, "crowned"))
        ],
        "scores": [
            {"threshold_mm": 0, "part": "all", "contender": name, "hours": 6000, "events": 480}
            | {"brier": brier, "skill_against_markov": gain, "average_precision": 0.5}
            | {"csi": 0.4, "hss": None}
            for name, brier, gain in (("model", 0.031, 0.06), ("markov", 0.033, 0.0))
        ],
        "reliability": [
            {"said": 0.05 + n / 10, "seen": 0.04 + n / 11, "hours": 4000 // (n + 1)}
            for n in range(10)
        ],
        "confusion": [
            {"observed": row, "said": column, "hours": hours}
            for row, column, hours in (
                ("sem chuva", "sem chuva", 5300),
                ("sem chuva", "≤ 5 mm", 220),
                ("≤ 5 mm", "sem chuva", 190),
                ("≤ 5 mm", "≤ 5 mm", 290),
            )
        ],
    }
