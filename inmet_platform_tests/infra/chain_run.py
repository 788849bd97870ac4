"""One run of the chain on the instance of DAGSTER_HOME: `python -m … HOME`.

It says `ready` when everything is imported and starts at a line on its input, so that two of them
start at once; then it prints the run's id.
"""

from __future__ import annotations

import sys
from pathlib import Path

import dagster as dg

from inmet_platform.config.settings import load_settings
from inmet_platform.definitions import build_defs

ASSETS = ["raw_s3_file", "snowflake_raw", "snowflake_clean", "inmet_clean_csv"]


def main() -> None:
    job = build_defs(load_settings(Path(sys.argv[1]))).resolve_implicit_global_asset_job_def()
    with dg.DagsterInstance.get() as instance:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        result = job.execute_in_process(
            instance=instance, asset_selection=[dg.AssetKey(name) for name in ASSETS]
        )
    sys.stdout.write(f"{result.run_id}\n")


if __name__ == "__main__":
    main()
