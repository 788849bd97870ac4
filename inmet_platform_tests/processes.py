"""Processes of a test: started as a script starts them, found by the home folder they work for."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from inmet_platform_tests.embedded import ROOT

INMET = Path(sys.executable).parent / "inmet"
DEADLINE_S = 150.0


def start(
    *arguments: str, environ: Mapping[str, str], log: Path, ignored: str = "INT"
) -> subprocess.Popen[bytes]:
    """Start `inmet` with signals ignored: "INT" as a script's background job, "HUP" by `nohup`."""
    with log.open("wb") as stream:
        return subprocess.Popen(
            ["sh", "-c", f'trap "" {ignored}; exec "$@"', "sh", INMET, *arguments],
            cwd=ROOT,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
        )


def at_work(home: Path) -> list[str]:
    """The command of every process of a home folder, and of those that they started."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has just ended, or is another user's
            if f"INMET_HOME={home}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                found.append((folder / "cmdline").read_text().replace("\0", " "))
    return found


def await_that(condition: Callable[[], bool], log: Path) -> None:
    """Wait until it holds; the end of the log says why it never does."""
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline, log.read_text()[-5000:]
        time.sleep(0.1)
