"""The folder with the results for people."""

from __future__ import annotations

from pathlib import Path

import dagster as dg

from inmet_platform.results.result_files import ResultFiles


class ResultsFolder(dg.ConfigurableResource):
    """`data/processed/` of the home folder."""

    path: str

    @property
    def files(self) -> ResultFiles:
        """Where each file is."""
        return ResultFiles(Path(self.path))
