"""`inmet up`: all services in the foreground, until a signal ends them."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from inmet_platform.command.following import follow_logs
from inmet_platform.command.services import (
    Service,
    configured_services,
    running,
)
from inmet_platform.command.supervision import Supervision
from inmet_platform.command.up_file import UpFile
from inmet_platform.config.settings import Settings
from inmet_platform.warehouse.bootstrap import prepare

LOOKS_EVERY_S = 0.5


def run_services(settings: Settings, say: Callable[[str], None]) -> None:
    """Start every configured service, tell their logs, and stop them when interrupted.

    A service that ends is started again.

    Raises:
        ServiceError: a service did not start, or ended again and again.
    """
    services = configured_services(settings)
    cloud = [service for service in services if service.name == "cloud"]
    others = [service for service in services if service.name != "cloud"]
    up_file = UpFile(settings)

    def ready(service: Service, is_ours: bool) -> None:
        found = "is ready" if is_ours else "was running already, and is not stopped with the others"
        say(f"{service.name} {found}: {service.ready_url}")

    def wait(names: list[str]) -> None:
        sentence = f"waiting for {', '.join(names)}"
        up_file.tell(sentence)
        say(sentence)

    def tell(sentence: str) -> None:
        up_file.tell(f"{datetime.now():%Y-%m-%d %H:%M:%S} {sentence}")  # noqa: DTZ005 - for people here
        say(sentence)

    try:
        with running(cloud, settings.home, on_ready=ready, on_wait=wait) as first:
            for sentence in prepare(settings):
                say(sentence)
            with running(others, settings.home, on_ready=ready, on_wait=wait) as rest:
                follow_logs(services, settings.home, say)
                say(_addresses(settings))
                supervised = [
                    Supervision(services, settings.home, children, tell)
                    for children in (first, rest)
                ]
                while True:
                    for supervision in supervised:
                        supervision.look()
                    time.sleep(LOOKS_EVERY_S)
    except KeyboardInterrupt:
        with suppress(OSError):  # of a terminal that was closed
            say("all services stopped")


def _addresses(settings: Settings) -> str:
    return (
        "Everything runs. Ctrl-C stops it.\n"
        f"  Dagster   {settings.dagster_url}\n"
        f"  upload    {settings.upload_url}/docs"
        f"   (curl -F file=@FILE {settings.upload_url}/upload)\n"
        f"  Painel    {settings.data_url}\n"
        f"  MLflow    {settings.mlflow_url}"
    )
