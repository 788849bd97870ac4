"""Dagster's instance of a home folder: its runs and events, and the settings of `dagster.yaml`."""

from __future__ import annotations

import shutil
from pathlib import Path

from inmet_platform.config.file_lock import exclusive_lock


def dagster_home(home: Path) -> Path:
    """The folder of Dagster's runs and events, with its `dagster.yaml`; made when missing."""
    folder = home / ".inmet" / "dagster"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "dagster.yaml"
    with exclusive_lock(folder):
        if not target.exists():
            shutil.copyfile(Path(__file__).with_name("dagster.yaml"), target)
    return folder
