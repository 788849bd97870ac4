"""The base of the resources that connect to an endpoint."""

from __future__ import annotations

from pathlib import Path

import dagster as dg

from inmet_platform.config.settings import Settings, load_settings


class HomeResource(dg.ConfigurableResource):
    """A resource that reads its endpoint and secrets from the settings of a home folder.

    Its only field is the folder: the Dagster UI shows the fields of a resource and runs store them,
    so no password may be among them.
    """

    home: str

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        return load_settings(Path(self.home))
