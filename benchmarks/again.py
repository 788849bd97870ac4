"""The same files a second time: `inmet run FOLDER` twice, while cloud and upload service run.

    python -m benchmarks.again ../shared/inmet/portal

The second time nothing may be written, and there is next to nothing to do.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from inmet_platform.command.services import configured_services, running
from inmet_platform.config.settings import Settings
from inmet_platform.warehouse.session import open_session
from inmet_platform_tests.embedded import clean_environ, free_port, write_home
from inmet_platform_tests.processes import ROOT

SENTENCE = "nothing is new or pending"


def main() -> None:
    """Measure and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    again(parser.parse_args().folder.resolve())


def again(files: Path) -> None:
    """Both times, what each wrote, and their ratio."""
    with tempfile.TemporaryDirectory(prefix="inmet-again-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        ports = [free_port() for _ in range(3)]
        settings = write_home(
            home,
            AWS_ENDPOINT_URL=f"http://127.0.0.1:{ports[0]}",
            SNOWFLAKE_PORT=str(ports[1]),
            UPLOAD_URL=f"http://127.0.0.1:{ports[2]}",
            INMET_SERVICES="cloud,upload",
        )
        os.environ.update(clean_environ(home))
        with running(configured_services(settings), home, on_ready=lambda *_: None):
            first = _timed(settings, files, is_known=False)
            second = _timed(settings, files, is_known=True)
    print("| `inmet run` on the same files | s | rows in RAW, in CLEAN | bytes of CSV |")
    print("|---|---|---|---|")
    for label, (seconds, *state) in {"first time": first, "second time": second}.items():
        print(f"| {label} | {seconds:.1f} | {state[0]:,}, {state[1]:,} | {state[2]:,} |")
    assert first[1:] == second[1:], "the second time wrote something"
    print(f"\nThe second time takes {second[0] / first[0]:.2f} of the first.", flush=True)


def _timed(settings: Settings, files: Path, *, is_known: bool) -> tuple[float, int, int, int, int]:
    command = [str(Path(sys.executable).parent / "inmet"), "run", str(files)]
    started = time.perf_counter()
    done = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603
    seconds = time.perf_counter() - started
    assert (SENTENCE in done.stdout) == is_known, done.stdout
    csv = (settings.processed_dir / "inmet_clean.csv").stat()
    with open_session(settings, tag="bench") as session:
        [raw] = session.query("load/count_raw_observations")
        [clean] = session.query("clean/count_observations")
    return seconds, raw["row_count"], clean["row_count"], csv.st_size, csv.st_mtime_ns


if __name__ == "__main__":
    main()
