"""However `inmet up` and `inmet run` end, no process of theirs goes on."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from inmet_platform.config.settings import Settings
from inmet_platform_tests.embedded import ROOT, clean_environ, free_port
from inmet_platform_tests.files import small_portal_file
from inmet_platform_tests.processes import DEADLINE_S, INMET, at_work, await_that, running, says


@pytest.fixture
def environ(settings: Settings) -> dict[str, str]:
    """The environment of a tenant that has one service to start."""
    url = f"http://127.0.0.1:{free_port()}"
    return {**clean_environ(settings.home), "INMET_SERVICES": "upload", "UPLOAD_URL": url}


@contextmanager
def started_up(
    environ: dict[str, str], home: Path, ignored: str
) -> Iterator[subprocess.Popen[bytes]]:
    """An `inmet up` that is ready."""
    log = home / "up.log"
    ready = says("Everything runs", log)
    with running([INMET, "up"], log, environ, ready=ready, ignored=ignored) as up:
        assert len(at_work(home)) == 2, log.read_text()
        yield up


def ignores(process: subprocess.Popen[bytes], sign: signal.Signals) -> bool:
    status = Path(f"/proc/{process.pid}/status").read_text()
    return bool(int(status.partition("SigIgn:")[2].split()[0], 16) & 1 << sign - 1)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_up_that_nohup_starts_in_a_script_ignores_a_hangup_and_nothing_else(
    settings: Settings, environ: dict[str, str], sign: signal.Signals
) -> None:
    with started_up(environ, settings.home, "INT HUP") as up:
        assert ignores(up, signal.SIGHUP)
        up.send_signal(sign)
        assert up.wait(DEADLINE_S) == 0
    told = (settings.home / "up.log").read_text().splitlines()
    assert {"waiting for upload", "all services stopped"} <= set(told)
    assert at_work(settings.home) == []


def test_up_stops_where_the_kernel_reaps_its_services(
    settings: Settings, environ: dict[str, str]
) -> None:
    """Whoever started it ignores SIGCHLD, and every process hands that on."""
    with started_up(environ, settings.home, "CHLD") as up:
        up.send_signal(signal.SIGTERM)
        assert up.wait(DEADLINE_S) == 0
    assert "Traceback" not in (settings.home / "up.log").read_text()
    assert at_work(settings.home) == []


def test_up_stops_when_its_terminal_is_closed(settings: Settings, environ: dict[str, str]) -> None:
    ours, its = os.openpty()
    up = subprocess.Popen(
        ["setsid", "--ctty", INMET, "up"], cwd=ROOT, env=environ, stdin=its, stdout=its, stderr=its
    )
    os.close(its)
    try:
        with os.fdopen(ours, "rb", buffering=0) as terminal:
            told = b""
            while b"Everything runs" not in told:
                told += terminal.read(4096)
        up.wait(DEADLINE_S)
    finally:
        up.kill()
        up.wait()
    assert at_work(settings.home) == []


def test_a_killed_up_leaves_no_service(settings: Settings, environ: dict[str, str]) -> None:
    with started_up(environ, settings.home, "INT") as up:
        up.kill()
        up.wait(DEADLINE_S)
    await_that(lambda: at_work(settings.home) == [], settings.home / "up.log")


def test_an_interrupted_run_says_so_and_leaves_no_process(
    settings: Settings, environ: dict[str, str]
) -> None:
    file, log = settings.home / "a.CSV", settings.home / "run.log"
    file.write_bytes(small_portal_file())
    argv, ready = [INMET, "run", file], says("[1/6]", log)
    with running(argv, log, environ, ready=ready, ignored="INT") as run:
        run.terminate()
        assert run.wait(DEADLINE_S) == 130, log.read_text()
    assert log.read_text().splitlines()[-1].startswith("inmet: interrupted; nothing is lost")
    assert at_work(settings.home) == []
