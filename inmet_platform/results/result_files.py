"""Where each file in `data/processed/` is."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class ResultFiles:
    """Paths below one folder."""

    folder: Path

    @property
    def clean_csv(self) -> Path:
        """Every clean observation, as CSV."""
        return self.folder / "inmet_clean.csv"

    @property
    def clean_folder(self) -> Path:
        """The folder of the same observations as Parquet, one file for each year."""
        return self.clean_csv.with_suffix("")

    def parquet(self, year: int) -> Path:
        """The hours of a year."""
        return self.clean_folder / f"{year}.parquet"

    @property
    def export_json(self) -> Path:
        """What the CSV and the Parquet files hold: the manifest."""
        return self.clean_folder / "export.json"

    @property
    def stations_csv(self) -> Path:
        """The stations and their versions."""
        return self.folder / "inmet_stations.csv"

    @property
    def pipeline_json(self) -> Path:
        """How far the files were in the chain at the last export."""
        return self.folder / "inmet_pipeline.json"

    @property
    def model_json(self) -> Path:
        """The scores of the newest model, for dashboards."""
        return self.folder / "inmet_model.json"

    @property
    def drift_json(self) -> Path:
        """How far the newest month drifted from the champion's training data, for dashboards."""
        return self.folder / "inmet_drift.json"

    @property
    def forecast_parquet(self) -> Path:
        """The champion's forecast of the next hour."""
        return self.folder / "inmet_rain_forecast.parquet"


def write_json(path: Path, values: dict[str, Any]) -> None:
    """Replace a JSON file as a whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(f".{uuid.uuid4().hex}.new")  # two processes may write at once
    scratch.write_text(
        json.dumps(values, ensure_ascii=False, indent=1, default=str), encoding="utf-8"
    )
    scratch.replace(path)
