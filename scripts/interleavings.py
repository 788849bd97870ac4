"""Two runs of the chain at once: one is held before each of its steps in turn, another goes on.

    python -m scripts.interleavings [--ways "goes on" dies "is held up"]

Tries every step in each way (some minutes), then compares RAW, CLEAN, the ledger and the files with
those of one run that took the same files alone. `make test` tries a part of it.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import tempfile
from pathlib import Path

from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.chain.interleaving import (
    WAYS,
    Way,
    assert_as_after_one_run,
    interleave,
    put,
)
from inmet_platform_tests.chain.stages import run_stages
from inmet_platform_tests.embedded import EmbeddedCloud


def main() -> None:
    """Try, compare, and print how many there were."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ways", nargs="*", choices=WAYS, default=WAYS)
    ways = parser.parse_args().ways
    with tempfile.TemporaryDirectory(prefix="inmet-interleavings-") as name:
        folder = Path(name)
        cloud = EmbeddedCloud(folder / "cloud")
        cloud.start()
        try:
            chain, alone = (
                Chain(cloud.tenant(folder / it / "home"), folder / it) for it in ("two", "one")
            )
            files = _try_all(chain, ways)
            for number in range(files):
                put(alone, number)
            for it in (chain, alone):
                with contextlib.redirect_stdout(io.StringIO()):
                    run_stages(it.settings, "alone")
            assert_as_after_one_run(chain, alone, files)
        finally:
            cloud.stop()
    print(f"{files // 2} interleavings of {files} files: all as after one run")


def _try_all(chain: Chain, ways: list[Way]) -> int:
    """Every step in each way; return the files that were put."""
    files = 0
    for way in ways:
        at, lost, is_over = 0, 0, False
        while not is_over:
            with contextlib.redirect_stdout(io.StringIO()):
                done = interleave(chain, files, at, way)
            is_over = len(done.steps) <= at  # the run ended before that step
            at, files, lost = at + 1, files + 2, lost + done.lost_its_lease
            print(f"\r{way}: before step {at}", end="", flush=True)
        print(f"; {lost} runs lost their lease to the other")
    return files


if __name__ == "__main__":
    main()
