"""`inmet up` and `inmet down`: all services in the foreground, and their end."""

from __future__ import annotations

import fcntl
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from inmet_platform.command.services import (
    STOP_DEADLINE_S,
    ServiceError,
    configured_services,
    follow_logs,
    running,
)
from inmet_platform.config.settings import Settings
from inmet_platform.errors import PlatformError
from inmet_platform.warehouse.bootstrap import bootstrap

Say = Callable[[str], None]


def run_services(settings: Settings, say: Say) -> None:
    """Start every configured service, tell their logs, and stop them at SIGINT or SIGTERM.

    Raises:
        ServiceError: a service did not start, or ended by itself.
    """
    services = configured_services(settings)
    cloud = [service for service in services if service.name == "cloud"]
    others = [service for service in services if service.name != "cloud"]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    ready = lambda service: say(f"{service.name} is ready: {service.ready_url}")  # noqa: E731
    try:
        with (
            _pid_file(settings) as pid_file,
            running(cloud, settings.home, on_ready=ready) as first,
        ):
            for sentence in bootstrap(settings):
                say(sentence)
            with running(others, settings.home, on_ready=ready) as rest:
                pid_file.seek(0)
                pid_file.write(str(os.getpid()))
                pid_file.flush()
                follow_logs(services, settings.home, say)
                say(_addresses(settings))
                while all(process.poll() is None for process in (*first, *rest)):
                    time.sleep(0.5)
                raise ServiceError(
                    "A service ended by itself, so the others were stopped.",
                    remedy=f"Its log is in {settings.state_dir / 'logs'}.",
                )
    except KeyboardInterrupt:
        say("all services stopped")


@contextmanager
def _pid_file(settings: Settings) -> Iterator[TextIO]:
    """`.inmet/up.pid`, locked as long as this process lives: a lock dies with its holder."""
    path = settings.state_dir / "up.pid"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PlatformError(
                f"`inmet up` runs already in {settings.home}.", remedy="`inmet down` stops it."
            ) from None
        stream.truncate(0)
        try:
            yield stream
        finally:
            path.unlink(missing_ok=True)


def stop_services(settings: Settings) -> str:
    """Ask the `inmet up` of this home folder to stop, and wait until it has."""
    pid_file = settings.state_dir / "up.pid"
    pid = _living(pid_file)
    if pid is None:
        return "nothing to stop: no `inmet up` of this folder runs"
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + 3 * STOP_DEADLINE_S
    while pid_file.exists():
        if time.monotonic() > deadline:
            raise PlatformError(f"`inmet up` (process {pid}) has not stopped in time.")
        time.sleep(0.1)
    return "all services stopped"


def _living(pid_file: Path) -> int | None:
    """The process that holds the file; None when there is none, or it is gone."""
    if not pid_file.exists():
        return None
    with pid_file.open("r", encoding="utf-8") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            text = stream.read()
            return int(text) if text else None
    pid_file.unlink()
    return None


def _addresses(settings: Settings) -> str:
    return (
        "Everything runs. Ctrl-C stops it.\n"
        f"  Dagster   {settings.dagster_url}\n"
        f"  upload    {settings.upload_url}/docs"
        f"   (curl -F file=@FILE {settings.upload_url}/upload)\n"
        f"  Painel    {settings.data_url}\n"
        f"  MLflow    {settings.mlflow_url}"
    )
