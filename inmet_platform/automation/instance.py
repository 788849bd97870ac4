"""Dagster's instance of a home folder: its runs and events, and the settings of `dagster.yaml`."""

from __future__ import annotations

from pathlib import Path


def dagster_home(home: Path) -> Path:
    """The folder of Dagster's runs and events, with its `dagster.yaml`; made when missing."""
    folder = home / ".inmet" / "dagster"
    folder.mkdir(parents=True, exist_ok=True)
    source = Path(__file__).with_name("dagster.yaml")
    target = folder / "dagster.yaml"
    if not target.exists():
        target.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    return folder
