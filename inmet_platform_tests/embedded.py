"""The embedded cloud for tests: a process of its own on free ports, with tenants of their own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from pathlib import Path

import httpx

from inmet_platform.config.settings import Settings, load_settings
from inmet_platform.warehouse.bootstrap import bootstrap

ROOT = Path(__file__).parents[1]
START_DEADLINE_S = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def example_environment() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


def write_home(home: Path, **changes: str) -> Settings:
    """A home folder whose .env is the example with changes."""
    home.mkdir(parents=True, exist_ok=True)
    values = {**example_environment(), **changes}
    (home / ".env").write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    return load_settings(home)


def clean_environ(home: Path) -> dict[str, str]:
    """This process's environment without any setting of the platform."""
    names = set(example_environment())
    kept = {name: value for name, value in os.environ.items() if name not in names}
    return {**kept, "INMET_HOME": str(home)}


class EmbeddedCloud:
    """`python -m local_cloud` in a home folder."""

    def __init__(self, home: Path, environ: dict[str, str] | None = None, **changes: str) -> None:
        """`environ` is what MiniStack reads; `changes` are settings."""
        self.home = home
        self._environ = environ or {}
        self.ports = {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{free_port()}",
            "SNOWFLAKE_PORT": str(free_port()),
        }
        self.settings = write_home(home, **self.ports, **changes)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        log = (self.home / "cloud.log").open("ab")
        with log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "local_cloud"],
                cwd=ROOT,
                env={**clean_environ(self.home), **self._environ},
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + START_DEADLINE_S
        while not self._is_ready():
            assert self._process.poll() is None, (self.home / "cloud.log").read_text()
            assert time.monotonic() < deadline, (self.home / "cloud.log").read_text()
            time.sleep(0.05)

    def _is_ready(self) -> bool:
        try:
            url = f"http://127.0.0.1:{self.settings.snowflake_port}/health"
            return httpx.get(url, timeout=2.0).is_success
        except httpx.HTTPError:
            return False

    def stop(self) -> None:
        assert self._process
        self._process.terminate()
        self._process.wait(30)

    def kill(self) -> None:
        """`kill -9`: no chance to save anything."""
        assert self._process
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(30)

    def tenant(self, home: Path) -> Settings:
        """A bucket, a queue and a database of their own, bootstrapped."""
        name = uuid.uuid4().hex[:10]
        settings = write_home(
            home,
            **self.ports,
            S3_BUCKET=f"bucket-{name}",
            RAW_EVENTS_QUEUE=f"queue-{name}",
            SNOWFLAKE_DATABASE=f"DB_{name}",
        )
        for _ in bootstrap(settings):
            pass
        return settings
