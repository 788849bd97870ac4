"""Looks after the services of `inmet up`: one that ends is started again, with growing pauses."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from inmet_platform.command.child import Child, clear_away, has_ended
from inmet_platform.command.services import Service, ServiceError, log_file, log_tail, start_again

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
# One that lived for so long has not failed to start.
WELL_AFTER_S = 60.0
MOST_DEATHS = 5


@dataclass
class _Watched:
    """A service as it is looked after; times by the monotonic clock."""

    started: float = field(default_factory=time.monotonic)
    deaths: int = 0
    due: float | None = None


class Supervision:
    """The services that this process started, and how often each has ended in a row."""

    def __init__(
        self,
        services: list[Service],
        home: Path,
        children: dict[str, Child],
        tell: Callable[[str], None],
    ) -> None:
        """Look after `children`, by the service's name; one that is started again replaces it."""
        self._services = {service.name: service for service in services}
        self._home, self._children, self._tell = home, children, tell
        self._watched = {name: _Watched() for name in children}

    def look(self) -> None:
        """Note who has ended, and start again those whose pause is over.

        Raises:
            ServiceError: a service ended `MOST_DEATHS` times in a row; with the end of its log.
        """
        for name, child in list(self._children.items()):
            watched = self._watched[name]
            if watched.due is None:
                if has_ended(child):
                    self._note_death(name, child, watched)
            elif time.monotonic() >= watched.due:
                self._start_again(name, watched)

    def _start_again(self, name: str, watched: _Watched) -> None:
        child = start_again(self._services[name], self._home)
        if child is None:  # another command of this home was first; its service ends with it
            watched.due = time.monotonic() + LONGEST_PAUSE_S
            return
        self._children[name] = child
        self._watched[name] = _Watched(deaths=watched.deaths)
        self._tell(f"{name} was started again")

    def _note_death(self, name: str, child: Child, watched: _Watched) -> None:
        lived_s = time.monotonic() - watched.started
        # What it started itself must not stand in the way of the next one.
        clear_away({name: child}, lambda _: None)
        watched.deaths = 1 if lived_s > WELL_AFTER_S else watched.deaths + 1
        if watched.deaths >= MOST_DEATHS:
            log = log_file(self._home, name)
            raise ServiceError(
                f"The service {name!r} ended {MOST_DEATHS} times in a row (the last time with "
                f"{child.returncode}), so the others were stopped. The end of {log}:\n"
                f"{log_tail(log)}\n",
                remedy="`inmet doctor` looks at every endpoint and setting.",
            )
        pause_s = min(FIRST_PAUSE_S * 2 ** (watched.deaths - 1), LONGEST_PAUSE_S)
        watched.due = time.monotonic() + pause_s
        self._tell(
            f"{name} ended with {child.returncode} and is started again in {pause_s:.0f} s "
            f"({watched.deaths} of at most {MOST_DEATHS} times in a row)"
        )
