"""Follows the logs of services, line by line."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from inmet_platform.command.services import Service, log_file


def follow_logs(services: list[Service], home: Path, write: Callable[[str], None]) -> None:
    """Tell every new line of the services' logs, prefixed with the name, from now on."""
    for service in services:
        thread = threading.Thread(
            target=_follow, args=(service.name, log_file(home, service.name), write), daemon=True
        )
        thread.start()


def _follow(name: str, log: Path, write: Callable[[str], None]) -> None:
    with log.open("r", encoding="utf-8", errors="replace") as stream:
        while True:
            line = stream.readline()
            if line:
                write(f"[{name}] {line.rstrip()}")
            else:
                time.sleep(0.2)
