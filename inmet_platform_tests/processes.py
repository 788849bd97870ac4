"""Processes of a test: each ends with the test or fixture that started it, however that ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[1]
INMET = Path(sys.executable).parent / "inmet"
DEADLINE_S = 150.0
END_DEADLINE_S = 30.0

# Not even a killed test leaves its processes behind.
_WITH_ITS_PARENT = ("setpriv", "--pdeathsig", "TERM", "--")


def start(
    argv: Sequence[str | Path],
    log: Path,
    environ: Mapping[str, str],
    *,
    cwd: Path = ROOT,
    ignored: str = "",
) -> subprocess.Popen[bytes]:
    """Start it in a session of its own; the caller ends it with `end`.

    `ignored` are its ignored signals: "INT" as in a script's background job, "HUP" as by `nohup`.
    """
    ignoring = [f"--ignore-signal={sign}" for sign in ignored.split()]
    argv = ["env", *ignoring, *_WITH_ITS_PARENT, *argv]
    with log.open("ab") as stream:
        return subprocess.Popen(
            argv,
            cwd=cwd,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
        )


def end(*processes: subprocess.Popen[bytes], by: signal.Signals = signal.SIGTERM) -> None:
    """Ask the group of each to end; kill what does not, which fails the test."""
    for process in processes:
        _signal_group(process, by)
    late = []
    for process in processes:
        try:
            process.wait(END_DEADLINE_S)
        except subprocess.TimeoutExpired:
            _signal_group(process, signal.SIGKILL)
            process.wait()
            late.append(process.args)
    assert not late, f"not ended by {by.name} in {END_DEADLINE_S:.0f} s: {late}"


def _signal_group(process: subprocess.Popen[bytes], sign: signal.Signals) -> None:
    if process.poll() is None:
        os.killpg(process.pid, sign)


@contextmanager
def running(
    argv: Sequence[str | Path],
    log: Path,
    environ: Mapping[str, str],
    *,
    ready: Callable[[], bool] = lambda: True,
    ignored: str = "",
    by: signal.Signals = signal.SIGTERM,
    cwd: Path = ROOT,
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is ready, and that ends by a signal with the block."""
    process = start(argv, log, environ, ignored=ignored, cwd=cwd)
    try:
        await_that(ready, log, process)
        yield process
    finally:
        end(process, by=by)


def await_that(
    condition: Callable[[], bool], log: Path, process: subprocess.Popen[bytes] | None = None
) -> None:
    """Wait until it holds; the end of the log says why it never does, or why the process ended."""
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert process is None or process.poll() is None, log.read_text(errors="replace")[-5000:]
        assert time.monotonic() < deadline, log.read_text(errors="replace")[-5000:]
        time.sleep(0.05)


def says(words: str, log: Path) -> Callable[[], bool]:
    """A condition for `await_that`: the words are in the log."""
    return lambda: words in log.read_text(errors="replace")


def answers(url: str) -> Callable[[], bool]:
    """A condition for `await_that`: the address answers with success."""
    client = httpx.Client(timeout=2.0, limits=httpx.Limits(max_keepalive_connections=0))

    def ask() -> bool:
        try:
            return client.get(url).is_success
        except httpx.HTTPError:
            return False

    return ask


def at_work(home: Path) -> list[str]:
    """The command of every process of a home folder, and of those that they started."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has just ended, or is another user's
            if f"INMET_HOME={home}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                found.append((folder / "cmdline").read_text().replace("\0", " "))
    return found
