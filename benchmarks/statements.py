"""Statements of one run for 1, 12 and 1,000 small files that lie in `raw/`, and its seconds.

    python -m benchmarks.statements

The whole chain to the CSV with its checks, in this process, each time on a database of its own. On
Snowflake a statement costs some tenths of a second, so their number decides.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.embedded import EmbeddedCloud
from inmet_platform_tests.files import small_portal_file
from inmet_platform_tests.statements_sent import statements_sent


def main() -> None:
    """Measure and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=int, nargs="*", default=[1, 12, 1000])
    counts = parser.parse_args().files
    with tempfile.TemporaryDirectory(prefix="inmet-statements-") as name:
        cloud = EmbeddedCloud(Path(name) / "cloud")
        cloud.start()
        try:
            measured = [_measure(cloud, Path(name) / str(count), count) for count in counts]
        finally:
            cloud.stop()
    print("| files | statements | s |")
    print("|---|---|---|")
    for count, (statements, seconds) in zip(counts, measured, strict=True):
        print(f"| {count:,} | {statements} | {seconds:.1f} |")
    numbers = [statements for statements, _ in measured]
    print(f"\nThe most are {max(numbers) / min(numbers):.2f} of the fewest.", flush=True)


def _measure(cloud: EmbeddedCloud, folder: Path, count: int) -> tuple[int, float]:
    folder.mkdir()
    chain = Chain(cloud.tenant(folder / "home"), folder)
    for number in range(count):
        code = f"A{number % 600:03}"
        chain.put(f"{number}.CSV", small_portal_file(code, hours=24, seed=number))
    started = time.perf_counter()
    with statements_sent() as sent:
        chain.run()
    seconds = time.perf_counter() - started
    assert set(chain.states().values()) == {"clean"}
    return len(sent), seconds


if __name__ == "__main__":
    main()
