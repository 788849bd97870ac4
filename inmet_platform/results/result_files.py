"""Where each file in `data/processed/` is."""

from __future__ import annotations

import json
import os
import uuid
from pathlib import Path
from typing import Any

_PARQUET_MAGIC = b"PAR1"


class ResultFiles:
    """Paths below one folder."""

    def __init__(self, folder: Path) -> None:
        """Name them; none is read or made."""
        self.folder = folder
        # Every clean observation, as CSV, and as Parquet with one file for each year.
        self.clean_csv = folder / "inmet_clean.csv"
        self.clean_folder = folder / "inmet_clean"
        # The manifest: what the CSV and the Parquet files hold.
        self.export_json = self.clean_folder / "export.json"
        # The stations and their versions.
        self.stations_csv = folder / "inmet_stations.csv"
        # How far the files were in the chain at the last export.
        self.pipeline_json = folder / "inmet_pipeline.json"
        # For dashboards: the scores of the newest model, and how far the newest month drifted from
        # the champion's training data.
        self.model_json = folder / "inmet_model.json"
        self.drift_json = folder / "inmet_drift.json"
        # The champion's forecast of the next hour.
        self.forecast_parquet = folder / "inmet_rain_forecast.parquet"

    def parquet(self, year: int) -> Path:
        """The hours of a year."""
        return self.clean_folder / f"{year}.parquet"


def is_whole_parquet(path: Path) -> bool:
    """Whether a file is there and begins and ends as the Parquet format says."""
    try:
        with path.open("rb") as stream:
            begins = stream.read(4) == _PARQUET_MAGIC
            stream.seek(-4, os.SEEK_END)
            return begins and stream.read() == _PARQUET_MAGIC
    except OSError:  # none, or shorter than four bytes
        return False


def write_json(path: Path, values: dict[str, Any]) -> None:
    """Replace a JSON file as a whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(f".{uuid.uuid4().hex}.new")  # two processes may write at once
    scratch.write_text(
        json.dumps(values, ensure_ascii=False, indent=1, default=str), encoding="utf-8"
    )
    scratch.replace(path)
