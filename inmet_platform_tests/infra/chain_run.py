"""One run of the chain on the instance of DAGSTER_HOME: `python -m … HOME`.

It says `ready` when everything is imported and starts at a line on its input, so that it starts
with another; then it prints the run's id.
"""

from __future__ import annotations

import sys
from pathlib import Path

import dagster as dg

from inmet_platform.config.settings import Settings, load_settings
from inmet_platform.definitions import build_defs

ASSETS = ["raw_s3_file", "snowflake_raw", "snowflake_clean", "inmet_clean_csv"]


def prepared(settings: Settings) -> dg.JobDefinition:
    return build_defs(settings).resolve_implicit_global_asset_job_def()


def run_id_of(job: dg.JobDefinition, instance: dg.DagsterInstance) -> str:
    """Run it to its end; its id."""
    selection = [dg.AssetKey(name) for name in ASSETS]
    return job.execute_in_process(instance=instance, asset_selection=selection).run_id


def main() -> None:
    job = prepared(load_settings(Path(sys.argv[1])))
    with dg.DagsterInstance.get() as instance:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        sys.stdout.write(f"{run_id_of(job, instance)}\n")


if __name__ == "__main__":
    main()
