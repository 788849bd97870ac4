"""The folder that holds the results for people."""

from __future__ import annotations

from pathlib import Path

import dagster as dg


class ResultsFolder(dg.ConfigurableResource):
    """`data/processed/` of the home folder."""

    path: str

    @property
    def clean_csv(self) -> Path:
        """Where `inmet_clean_csv` is written."""
        return Path(self.path) / "inmet_clean.csv"
