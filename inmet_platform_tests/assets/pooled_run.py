"""A run of one asset in a pool, on the instance of a home; it says when it begins and ends."""

from __future__ import annotations

import sys
from pathlib import Path

import dagster as dg

from inmet_platform.assets.dead_runs import end_dead_runs
from inmet_platform.assets.pools import MERGES


@dg.asset(pool=MERGES)
def merged() -> None:
    """Begins, and ends when a line comes."""
    print("begun", flush=True)  # noqa: T201
    sys.stdin.readline()
    print("ended", flush=True)  # noqa: T201


def main(home: Path) -> None:
    with dg.DagsterInstance.from_config(str(home)) as instance:
        end_dead_runs(instance)
        job = dg.Definitions([merged], executor=dg.in_process_executor)
        print("ready", flush=True)  # noqa: T201
        done = job.resolve_implicit_global_asset_job_def().execute_in_process(
            instance=instance, raise_on_error=False
        )
        assert done.success


if __name__ == "__main__":
    main(Path(sys.argv[1]))
