"""`.inmet/up.pid`: the `inmet up` of a home folder, as `inmet down` sees it.

`inmet up` keeps it locked as long as it lives, and a lock dies with its holder. The first line is
its process id; each later one tells of a service that ended, or what it waits for while it stops.
"""

from __future__ import annotations

import fcntl
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from inmet_platform.command.child import STOP_DEADLINE_S
from inmet_platform.config.settings import Settings
from inmet_platform.errors import PlatformError

# The services stop, then the cloud, then the process itself.
DEADLINE_S = 2 * STOP_DEADLINE_S + 10


class UpFile:
    """The file as its holder writes it."""

    def __init__(self, settings: Settings) -> None:
        """Lock it for the rest of this process's life.

        Raises:
            PlatformError: another process holds it.
        """
        path = _path(settings)
        path.parent.mkdir(parents=True, exist_ok=True)
        # Never closed: whoever gets the lock knows that this process is gone.
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PlatformError(
                f"`inmet up` runs already in {settings.home}.", remedy="`inmet down` stops it."
            ) from None
        os.ftruncate(self._descriptor, 0)
        self.tell(str(os.getpid()))

    def tell(self, line: str) -> None:
        """Add a line."""
        os.write(self._descriptor, f"{line}\n".encode())


def stop_services(settings: Settings, say: Callable[[str], None]) -> str:
    """Ask the `inmet up` of this home folder to stop, and tell what it waits for until it has."""
    path = _path(settings)
    pid = _holder(path)
    if pid is None:
        return "nothing to stop: no `inmet up` of this folder runs"
    deadline = time.monotonic() + DEADLINE_S
    with path.open(encoding="utf-8") as lines:
        lines.seek(0, os.SEEK_END)
        os.kill(pid, signal.SIGTERM)
        while _holder(path) == pid:
            for line in lines:
                say(line.rstrip())
            if time.monotonic() > deadline:
                raise PlatformError(
                    f"`inmet up` (process {pid}) has not stopped in {DEADLINE_S:.0f} s.",
                    remedy=f"`kill -9 {pid}` ends it and its services.",
                )
            time.sleep(0.05)
    return "all services stopped"


def told_by_up(settings: Settings) -> list[str]:
    """What the `inmet up` of this home folder told of its services; nothing when none runs."""
    path = _path(settings)
    return path.read_text(encoding="utf-8").splitlines()[1:] if _holder(path) else []


def _holder(path: Path) -> int | None:
    """The process that holds the file; None when there is none, or it is gone."""
    if not path.exists():
        return None
    with path.open(encoding="utf-8") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = stream.readline()
            return int(pid) if pid else None
    return None


def _path(settings: Settings) -> Path:
    return settings.state_dir / "up.pid"
