"""The services behind the platform, as processes of their own: `inmet up`, `inmet run`.

Which ones there are is configuration (`INMET_SERVICES`): with the embedded cloud
`cloud,upload,data,mlflow,dagster`, on AWS and Snowflake without `cloud`. A service that
answers already is used as it is and left running.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from inmet_platform.automation.instance import dagster_home
from inmet_platform.command.child import Child, LogMode, has_ended, start, stop
from inmet_platform.config.file_lock import exclusive_lock, shared_lock
from inmet_platform.config.settings import Settings
from inmet_platform.errors import PlatformError, SettingsError
from inmet_platform.model_registry.mlflow_server import address_arguments

START_DEADLINE_S = 90.0
START_AGAIN_S = 30.0


class ServiceError(PlatformError):
    """A service did not start, or ended by itself."""


@dataclass(frozen=True)
class Service:
    """A process: its name, its command, and the address that answers when it is ready."""

    name: str
    command: tuple[str, ...]
    ready_url: str

    def is_ready(self) -> bool:
        """Whether it answers with success."""
        try:
            return _client().get(self.ready_url).is_success
        except httpx.HTTPError:
            return False


@cache
def _client() -> httpx.Client:
    """One client for all questions: a new one for each would spend 20 ms on a TLS context."""
    return httpx.Client(timeout=2.0, limits=httpx.Limits(max_keepalive_connections=0))


def configured_services(settings: Settings) -> list[Service]:
    """The services that `INMET_SERVICES` names, in the order of starting."""
    known = _known_services(settings)
    names = {name.strip() for name in settings.inmet_services.split(",") if name.strip()}
    unknown = sorted(names - {service.name for service in known})
    if unknown:
        expected = ", ".join(service.name for service in known)
        raise SettingsError(
            f"INMET_SERVICES: expected some of {expected}; found {', '.join(unknown)}."
        )
    return [service for service in known if service.name in names]


def _known_services(settings: Settings) -> list[Service]:
    python = sys.executable
    dagster = urlsplit(settings.dagster_url)
    snowflake = f"{settings.snowflake_protocol}://{settings.snowflake_host}"
    return [
        Service(
            "cloud", (python, "-m", "local_cloud"), f"{snowflake}:{settings.snowflake_port}/health"
        ),
        Service("upload", (python, "-m", "upload_service"), f"{settings.upload_url}/health"),
        Service("data", (python, "-m", "data_service"), f"{settings.data_url}/health"),
        Service(
            "mlflow",
            (
                *(python, "-m", "inmet_platform.model_registry.mlflow_server"),
                *address_arguments(settings.mlflow_url),
            ),
            f"{settings.mlflow_url}/health",
        ),
        Service(
            "dagster",
            (
                # Not `dg dev`: that wants the project in the working folder, which is the home.
                *(python, "-m", "inmet_platform.automation.guarded_dagster"),
                *("-m", "inmet_platform.definitions"),
                *("--host", str(dagster.hostname), "--port", str(dagster.port)),
            ),
            f"{settings.dagster_url}/server_info",
        ),
    ]


@contextmanager
def running(
    services: list[Service],
    home: Path,
    *,
    on_ready: Callable[[Service, bool], None],
    on_wait: Callable[[list[str]], None] = lambda _: None,
    on_others: Callable[[], None] | None = None,
) -> Iterator[dict[str, Child]]:
    """Start what does not answer yet, wait until each is ready, stop what was started.

    Each writes its log to `.inmet/logs/<name>.log`. Only for the main thread: it takes signals.
    Two commands of one home do not start the same service twice.

    Args:
        services: which; started, and later stopped, at the same time.
        home: where they work and write.
        on_ready: is told of each that answers, and whether it was started here.
        on_wait: is told the names of those that are asked to stop and have not yet.
        on_others: is called when what was started must go on for other commands that use it; None
            stops it whoever uses it.

    Yields:
        The children that were started here, by the service's name; those that are in it at the
        end are stopped.

    Raises:
        ServiceError: one ended or was not ready in time; with the end of its log.
    """
    children: dict[str, Child] = {}
    if not services:
        yield children
        return
    with ExitStack() as using:
        if on_others:
            users = using.enter_context(shared_lock(_state(home) / "users.lock"))
        try:
            with exclusive_lock(_state(home) / "starting.lock"):
                _start_missing(services, home, children, on_ready)
            yield children
        finally:
            try:
                if children and on_others:
                    users.await_alone(on_others)
            finally:
                stop(children, on_wait)


def _start_missing(
    services: list[Service],
    home: Path,
    children: dict[str, Child],
    on_ready: Callable[[Service, bool], None],
) -> None:
    for service in services:
        if not service.is_ready():
            children[service.name] = _start(service, home, log_file(home, service.name))
    for service in services:
        if service.name in children:
            child = children[service.name]
            _await_ready(service, child, log_file(home, service.name))
        on_ready(service, service.name in children)


@contextmanager
def warehouse_running(settings: Settings) -> Iterator[None]:
    """The embedded warehouse, when it is the configured one, for as long as it is asked."""
    cloud = [service for service in configured_services(settings) if service.name == "cloud"]
    with running(cloud, settings.home, on_ready=lambda *_: None, on_others=tell_of_others):
        yield


def tell_of_others() -> None:
    """Say on standard error why a command that is done does not end."""
    sys.stderr.write(
        "inmet: this command is done. Another one uses the services that it started, so they go on "
        "until that is done, too (Ctrl-C stops them now).\n"
    )


def _state(home: Path, *inside: str) -> Path:
    folder = home.joinpath(".inmet", *inside)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def log_file(home: Path, name: str) -> Path:
    """Where a service writes its log; made when missing."""
    path = _state(home, "logs") / f"{name}.log"
    path.touch()
    return path


def start_again(service: Service, home: Path) -> Child | None:
    """Start a service that ended, its log going on where it was; None when another answers.

    Other commands wait until it is ready or has ended again, lest they start it too.
    """
    with exclusive_lock(_state(home) / "starting.lock"):
        if service.is_ready():
            return None
        child = _start(service, home, log_file(home, service.name), log_mode="ab")
        deadline = time.monotonic() + START_AGAIN_S
        while not (service.is_ready() or has_ended(child) or time.monotonic() > deadline):
            time.sleep(0.1)
        return child


def log_tail(log: Path) -> str:
    """The last lines of a log."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:])


def _start(service: Service, home: Path, log: Path, log_mode: LogMode = "wb") -> Child:
    environ = {
        **os.environ,
        "INMET_HOME": str(home),
        "DAGSTER_HOME": str(dagster_home(home)),
        "PYTHONUNBUFFERED": "1",
    }
    return start(service.command, home, environ, log, log_mode)


def _await_ready(service: Service, process: Child, log: Path) -> None:
    deadline = time.monotonic() + START_DEADLINE_S
    while not service.is_ready():
        if process.poll() is not None or time.monotonic() > deadline:
            ended = process.poll()
            what = f"ended with {ended}" if ended is not None else "was not ready in time"
            raise ServiceError(
                f"The service {service.name!r} {what}. The end of {log}:\n{log_tail(log)}\n",
                remedy="`inmet doctor` looks at every endpoint and setting.",
            )
        time.sleep(0.1)
