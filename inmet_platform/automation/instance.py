"""Dagster's instance of a home folder: its runs and events, and the settings of `dagster.yaml`."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from inmet_platform.config.file_lock import exclusive_lock

# What the platform wrote before: nobody has changed it, so it is brought up to date.
EARLIER = {
    "a1c94ef8a7553999db438c66e79938a900ed7a1b1eec11ec51be3e08a644ea69",
    "324f2ef539781ca871199345e233284ab49cacd8ea16cc0c12a5182881b24d04",
    "50aba34536da1b9ed4a13d88ee70b3d4573580316f436c393ce43f2fa9eee395",
    "4dcfa3a9d803bee589fb3b51cd66a8c39f65e314279dc6a7b3b56877280036f6",
    "dc3c1099a22651618410c55d96c8213aefbb6f508f5f59411c2c86352cffb938",
    "135c6a977ca1e95bac4acd11ac100c6170023d96934629c984c26508ae6d388f",
}


def dagster_home(home: Path) -> Path:
    """The folder of Dagster's runs and events, with its `dagster.yaml`.

    The file is made when it is missing, and replaced when an earlier version of the platform wrote
    it; one that somebody changed stays as it is.
    """
    folder = home / ".inmet" / "dagster"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "dagster.yaml"
    with exclusive_lock(folder):
        if not target.exists() or _digest(target) in EARLIER:
            scratch = target.with_suffix(
                ".yaml.new"
            )  # a half copy would count as somebody's change
            shutil.copyfile(Path(__file__).with_name("dagster.yaml"), scratch)
            scratch.replace(target)
    return folder


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
