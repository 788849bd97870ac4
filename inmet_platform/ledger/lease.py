"""A lease: what only one run may do at a time, for as long as it lives.

There are two, each a row of `RAW.LEASES`: `intake` (to read raw objects) and `clean` (to merge
them into CLEAN). The run that holds one renews it by a session of its own, so that a long download
or MERGE keeps it; the lease of a dead run ends by itself. A statement that only the holder may run
asks for the holder itself: a run that was held up for longer than its lease changes nothing any
more.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import timedelta
from typing import Literal, TypeAlias

from inmet_platform.errors import LeaseLost, WarehouseError
from inmet_platform.warehouse.session import Session

LASTS = timedelta(seconds=90)
FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 2.0
# Who waits is told again after this time.
TOLD_EVERY_S = 60.0

Name: TypeAlias = Literal["intake", "clean"]
OpenSession: TypeAlias = Callable[[], AbstractContextManager[Session]]
Say: TypeAlias = Callable[[str], None]


class Lease:
    """One run's hold, or its wish to hold, on one lease."""

    def __init__(
        self,
        name: Name,
        holder: str,
        session: Session,
        open_session: OpenSession,
        lasts: timedelta = LASTS,
    ) -> None:
        """Bind the run; nothing is asked yet.

        Args:
            name: which lease.
            holder: the id of the run.
            session: takes and gives back.
            open_session: opens the session that renews.
            lasts: how long the lease outlives a run that died.
        """
        self.name, self.holder = name, holder
        self._session, self._open_session, self._lasts = session, open_session, lasts

    @contextmanager
    def held(self, say: Say) -> Iterator[None]:
        """Wait until nobody else holds it, hold it, and give it back whatever happens."""
        self._wait(say)
        is_over = threading.Event()
        renewing = threading.Thread(target=self._renew_until, args=(is_over, say), daemon=True)
        renewing.start()
        try:
            yield
        finally:
            is_over.set()
            # One that waits for an answer ends by itself, and its process does not wait for it.
            renewing.join(LONGEST_PAUSE_S)
            with suppress(WarehouseError):  # the lease ends by itself
                self._session.execute("lease/release", lease_name=self.name, holder=self.holder)

    def is_held(self) -> bool:
        """Whether the warehouse says that this run holds it."""
        return self._other() == self.holder

    def lost(self) -> LeaseLost:
        """The error for a run that holds it no more."""
        return LeaseLost(
            f"This run was held up for more than {self._lasts.total_seconds():.0f} s, and another "
            f"has taken over what it did ({self.name}). Nothing is lost.",
            remedy="Run again: it takes what is still to do.",
        )

    def _wait(self, say: Say) -> None:
        pause_s, told, told_at = FIRST_PAUSE_S, "", 0.0
        while not self._take():
            other = self._other()
            if other and (other != told or time.monotonic() - told_at > TOLD_EVERY_S):
                say(f"run {other} is at work ({self.name}); waiting until it is done, or dead")
                told, told_at = other, time.monotonic()
            time.sleep(pause_s)
            pause_s = min(pause_s * 1.5, LONGEST_PAUSE_S)

    def _take(self) -> bool:
        taken = self._session.execute(
            "lease/take", lease_name=self.name, holder=self.holder, milliseconds=self._milliseconds
        )
        return taken > 0

    def _other(self) -> str:
        rows = self._session.query("lease/select_holder", lease_name=self.name)
        if not rows:
            raise WarehouseError(
                f"Expected a row {self.name!r} in RAW.LEASES; found none.",
                remedy="Run `inmet bootstrap`, which writes it.",
            )
        return str(rows[0]["holder"] or "")

    def _renew_until(self, is_over: threading.Event, say: Say) -> None:
        """Renew at half of the time, by a session that is opened only when that is reached."""
        half_s = self._lasts.total_seconds() / 2
        pause_s = half_s
        while not is_over.wait(pause_s):
            try:
                with self._open_session() as session:
                    self._renew(session)
                    while not is_over.wait(half_s):
                        self._renew(session)
            except Exception as error:
                say(f"the lease {self.name} could not be renewed: {error}")
                pause_s = LONGEST_PAUSE_S
            else:
                return

    def _renew(self, session: Session) -> None:
        session.execute(
            "lease/renew",
            lease_name=self.name,
            holder=self.holder,
            milliseconds=self._milliseconds,
        )

    @property
    def _milliseconds(self) -> int:
        return int(self._lasts / timedelta(milliseconds=1))
