"""A training in a process of its own; it says when its run in MLflow is open, and then reads."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import dagster as dg

from inmet_platform.automation.instance import dagster_home
from inmet_platform.config.settings import load_settings
from inmet_platform.definitions import build_defs
from inmet_platform.model import reading


def main(home: Path, *, dies: bool) -> None:
    def wait(*_: Any) -> None:
        print("open", flush=True)  # noqa: T201
        sys.stdin.readline()

    if dies:
        reading.read_stations = wait  # type: ignore[assignment]
    job = build_defs(load_settings(home)).resolve_implicit_global_asset_job_def()
    with dg.DagsterInstance.from_config(str(dagster_home(home))) as instance:
        job.execute_in_process(
            instance=instance,
            asset_selection=[dg.AssetKey("trained_model")],
            raise_on_error=False,
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), dies=sys.argv[2] == "dies")
