"""`inmet up` and `inmet down`: all services in the foreground, and their end."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

from inmet_platform.bootstrap import bootstrap
from inmet_platform.errors import PlatformError
from inmet_platform.services import (
    STOP_DEADLINE_S,
    ServiceError,
    configured_services,
    follow_logs,
    running,
)
from inmet_platform.settings import Settings

Say = Callable[[str], None]


def run_services(settings: Settings, say: Say) -> None:
    """Start every configured service, tell their logs, and stop them at SIGINT or SIGTERM.

    Raises:
        ServiceError: a service did not start, or ended by itself.
    """
    services = configured_services(settings)
    cloud = [service for service in services if service.name == "cloud"]
    others = [service for service in services if service.name != "cloud"]
    pid_file = settings.state_dir / "up.pid"
    pid_file.parent.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    ready = lambda service: say(f"{service.name} is ready: {service.ready_url}")  # noqa: E731
    try:
        with running(cloud, settings.home, on_ready=ready) as first:
            for sentence in bootstrap(settings):
                say(sentence)
            with running(others, settings.home, on_ready=ready) as rest:
                pid_file.write_text(str(os.getpid()))
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
    finally:
        pid_file.unlink(missing_ok=True)


def stop_services(settings: Settings) -> str:
    """Ask the `inmet up` of this home folder to stop, and wait until it has."""
    pid_file = settings.state_dir / "up.pid"
    if not pid_file.exists():
        return "nothing to stop: no `inmet up` of this folder runs"
    pid = int(pid_file.read_text())
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        pid_file.unlink()
        return "nothing to stop: the last `inmet up` is gone"
    deadline = time.monotonic() + 3 * STOP_DEADLINE_S
    while pid_file.exists():
        if time.monotonic() > deadline:
            raise PlatformError(f"`inmet up` (process {pid}) has not stopped in time.")
        time.sleep(0.1)
    return "all services stopped"


def _addresses(settings: Settings) -> str:
    return (
        "Everything runs. Ctrl-C stops it.\n"
        f"  Dagster   {settings.dagster_url}\n"
        f"  upload    {settings.upload_url}/docs"
        f"   (curl -F file=@FILE {settings.upload_url}/upload)\n"
        f"  MLflow    {settings.mlflow_url}"
    )
