"""The files for people in `data/processed/`: where each is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


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
        """The same as Parquet, one file a year."""
        return self.clean_csv.with_suffix("")

    @property
    def stations_csv(self) -> Path:
        """The stations and their versions."""
        return self.folder / "inmet_stations.csv"

    @property
    def forecast_parquet(self) -> Path:
        """What the champion says of the next hour."""
        return self.folder / "inmet_rain_forecast.parquet"
