"""`inmet up` stops by every signal, also when a script started it with SIGINT ignored."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from inmet_platform.config.settings import Settings
from inmet_platform_tests.embedded import ROOT, clean_environ, free_port, written_anew

INMET = Path(sys.executable).with_name("inmet")
DEADLINE_S = 60.0
# As a shell starts a background job of a script, with and without nohup.
AS_A_BACKGROUND_JOB = ("import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); {}"
    "os.execv(sys.argv[1], sys.argv[1:])")  # fmt: skip


def _await(condition: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)


@pytest.fixture
def home(settings: Settings, tmp_path: Path) -> Settings:
    """Of the embedded cloud that runs already; `inmet up` starts the upload service alone."""
    url = f"http://127.0.0.1:{free_port()}"
    return written_anew(settings, tmp_path / "up", INMET_SERVICES="upload", UPLOAD_URL=url)


@pytest.fixture
def start(home: Settings) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    started: list[subprocess.Popen[bytes]] = []

    def start(before: str = "") -> subprocess.Popen[bytes]:
        log = home.home / "up.log"
        with log.open("wb") as stream:
            process = subprocess.Popen(
                [sys.executable, "-c", AS_A_BACKGROUND_JOB.format(before), INMET, "up"],
                cwd=ROOT,
                env=clean_environ(home.home),
                stdout=stream,
                stderr=stream,
                start_new_session=True,
            )
        started.append(process)
        _await(lambda: "Everything runs" in log.read_text(), log)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def _descendants(process: subprocess.Popen[bytes]) -> list[int]:
    """The processes of its children's sessions: each child has one of its own."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [int(child) for child in children]


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _answers(home: Settings) -> bool:
    try:
        return httpx.get(f"{home.upload_url}/health").is_success
    except httpx.HTTPError:
        return False


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_it_and_every_process_it_started(
    home: Settings, start: Callable[..., subprocess.Popen[bytes]], sign: signal.Signals
) -> None:
    process = start()
    children = _descendants(process)
    assert children
    os.kill(process.pid, sign)
    assert process.wait(DEADLINE_S) == 0
    assert not [pid for pid in children if _lives(pid)]
    assert not _answers(home)
    told = (home.home / "up.log").read_text()
    assert "waiting for upload" in told
    assert told.endswith("all services stopped\n")


def test_inmet_down_stops_it_and_says_what_it_waits_for(
    home: Settings, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    process = start()
    down = subprocess.run(
        [INMET, "down"], cwd=ROOT, env=clean_environ(home.home), capture_output=True, check=True
    )
    assert down.stdout.decode() == "waiting for upload\nall services stopped\n"
    assert process.wait(DEADLINE_S) == 0
    assert not _answers(home)


def test_a_hangup_that_nohup_ignores_does_not_stop_it(
    home: Settings, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    process = start("signal.signal(signal.SIGHUP, signal.SIG_IGN); ")
    os.kill(process.pid, signal.SIGHUP)
    assert _answers(home)
    os.kill(process.pid, signal.SIGTERM)
    assert process.wait(DEADLINE_S) == 0


def test_after_kill_9_nothing_that_it_started_is_left(
    home: Settings, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    process = start()
    children = _descendants(process)
    process.kill()
    _await(lambda: not any(_lives(pid) for pid in children), home.home / "up.log")
    assert not _answers(home)
