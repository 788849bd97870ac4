"""The base of the resources that speak to an endpoint."""

from __future__ import annotations

from pathlib import Path

import dagster as dg

from inmet_platform.config.settings import Settings, load_settings


class HomeResource(dg.ConfigurableResource):
    """A resource that finds its endpoint and secrets in the settings of a home folder.

    Its only field is the folder: what a resource holds is shown in the Dagster UI and stored
    with runs, and a password must be in neither.
    """

    home: str

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        return load_settings(Path(self.home))
