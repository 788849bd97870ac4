"""The command: faults while files come in, then quiet, then the judgement."""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from inmet_platform_tests.soak.drawing import draw
from inmet_platform_tests.soak.faults import FAULTS
from inmet_platform_tests.soak.judging import judge, seconds_to_quiet
from inmet_platform_tests.soak.world import World

PAUSE_S = (1.0, 4.0)
SEND_PAUSE_S = (1.0, 4.0)
SMALL_DISK = "256m"


def main() -> int:
    """Soak once; 1 when something does not hold."""
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="inmet-soak-"))
    print(f"seed {options.seed}, {options.faults} faults, in {folder}", flush=True)
    with _small_disk(folder / "tmp"):
        world = World(folder)
        try:
            world.await_up()
            began = time.monotonic()
            _disturb(world, options.seed, options.faults, options.minutes * 60)
            disturbed_s = time.monotonic() - began
            world.calm()
            quiet_s = seconds_to_quiet(world)
            found = judge(world, folder)
        except AssertionError as error:
            found, quiet_s, disturbed_s = [str(error)], float("nan"), float("nan")
        finally:
            world.stop()
    _tell(world, options.seed, disturbed_s, quiet_s, found)
    if found:
        print(f"What was there is in {folder}", flush=True)
        return 1
    shutil.rmtree(folder)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m inmet_platform_tests.soak",
        description="Disturbs the whole platform at random, and sees that nothing is lost.",
        epilog="example: python -m inmet_platform_tests.soak --seed 2 --faults 200",
    )
    parser.add_argument("--seed", type=int, default=1, help="of files and faults (1)")
    parser.add_argument("--faults", type=int, default=200, help="how many (200)")
    parser.add_argument("--minutes", type=float, default=40, help="no fault after that (40)")
    return parser.parse_args()


def _disturb(world: World, seed: int, count: int, longest_s: float) -> None:
    """Faults one after the other, while another thread sends files."""
    rng, deadline = random.Random(seed), time.monotonic() + longest_s
    is_over = threading.Event()
    sending = threading.Thread(target=_send, args=(world, seed, is_over), daemon=True)
    sending.start()
    done = 0
    while done < count and time.monotonic() < deadline:
        name = rng.choice(sorted(FAULTS))
        if FAULTS[name](world, rng):
            done += 1
            world.tally.faults[name] = world.tally.faults.get(name, 0) + 1
            if done % 20 == 0:
                print(f"{done} faults, {len(world.tally.sent)} files sent", flush=True)
        time.sleep(rng.uniform(*PAUSE_S))
    is_over.set()
    sending.join()


def _send(world: World, seed: int, is_over: threading.Event) -> None:
    rng, number = random.Random(seed + 1_000_000), 0
    while not is_over.wait(rng.uniform(*SEND_PAUSE_S)):
        number += 1
        drawn = draw(rng, seed * 10_000 + number)
        world.put(drawn) if rng.random() < 0.25 else world.send(drawn)


class _small_disk:  # noqa: N801 - a context manager
    """The folder of temporary files on a small disk of its own, where that may be mounted."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._mounted = folder, False

    def __enter__(self) -> None:
        self._folder.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "none", str(self._folder)]
        with suppress(OSError):
            self._mounted = subprocess.run(mount, check=False, capture_output=True).returncode == 0
        if not self._mounted:
            print("no disk can be filled here: tmpfs may not be mounted", flush=True)

    def __exit__(self, *_: object) -> None:
        if self._mounted:
            subprocess.run(["umount", "-l", str(self._folder)], check=False)


def _tell(world: World, seed: int, disturbed_s: float, quiet_s: float, found: list[str]) -> None:
    tally = world.tally
    told = {
        "seed": seed,
        "faults": sum(tally.faults.values()),
        "faults by kind": dict(sorted(tally.faults.items())),
        "files sent": len(tally.sent),
        "answers": dict(sorted(Counter(str(it.status) for it in tally.sent).items())),
        "put into raw/": len(tally.put),
        "starts of inmet up": tally.up_starts,
        "seconds of faults": round(disturbed_s),
        "seconds to quiet": round(quiet_s, 1),
        "what does not hold": found,
    }
    print(json.dumps(told, indent=1), flush=True)


if __name__ == "__main__":
    sys.exit(main())
