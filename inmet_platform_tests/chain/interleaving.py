"""Two runs of the chain at once, statement by statement.

One run goes up to a step (a statement, or a file put into `landing/`), and is held there. Meanwhile
another file comes in, and another run goes as far as it can. Then the first goes on, dies, or finds
that it was held up for longer than its lease.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

import pytest

from inmet_platform.config.settings import Settings
from inmet_platform.errors import LeaseLost
from inmet_platform.ledger import lease
from inmet_platform.storage.bucket import Bucket
from inmet_platform.warehouse.session import Session
from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.chain.stages import run_stages
from inmet_platform_tests.files import small_portal_file

Way: TypeAlias = Literal["goes on", "dies", "is held up"]
WAYS: tuple[Way, ...] = ("goes on", "dies", "is held up")
LONGEST_S = 120
# Of the lease of a run that dies or is held up.
SHORT = timedelta(seconds=0.5)
FIRST_RUN, SECOND_RUN = "first", "second"


class Died(BaseException):
    """The first run is dead: whatever it tries, it tries no more."""


@dataclass
class Held:
    """The first run, held before its step of that number (from 0), or the first of that name."""

    at: int | str
    way: Way
    steps: list[str] = field(default_factory=list)
    is_there: threading.Event = field(default_factory=threading.Event)
    may_go_on: threading.Event = field(default_factory=threading.Event)

    def step(self, name: str) -> None:
        """Called before each step of whatever thread."""
        if threading.current_thread().name != FIRST_RUN:
            return
        if self.way == "dies" and self.is_there.is_set():
            raise Died
        self.steps.append(name)
        if not self.is_there.is_set() and self.at in (len(self.steps) - 1, name):
            self.is_there.set()
            if self.way == "dies":
                raise Died
            assert self.may_go_on.wait(LONGEST_S)


class Run(threading.Thread):
    """The stages in a thread; what they raised, and whether they wait for the other run."""

    def __init__(self, settings: Settings, name: str, stands_at: str = "is at work") -> None:
        """It stands when it has ended, or says this."""
        super().__init__(name=name, daemon=True)
        self.settings, self._stands_at = settings, stands_at
        self.raised: BaseException | None = None
        self.stands = threading.Event()

    def run(self) -> None:
        try:
            run_stages(self.settings, self.name, say=self._say)
        except BaseException as error:
            self.raised = error
        self.stands.set()

    def _say(self, sentence: str) -> None:
        if self._stands_at in sentence:
            self.stands.set()


def edition(number: int) -> bytes:
    """48 hours of one station, which overlap those of others; each third blanks an hour."""
    day = 1 + number * 7 % 20
    data = small_portal_file(first=f"2020-01-{day:02}T00", hours=48, seed=number)
    if number % 3:
        return data
    lines = data.decode("latin-1").splitlines(keepends=True)
    fields = lines[-1].split(";")
    lines[-1] = ";".join([*fields[:2], *[""] * (len(fields) - 2)]) + "\n"
    return "".join(lines).encode("latin-1")


def put(chain: Chain, number: int) -> None:
    """Put an edition; of two that come one after the other, the first is the newer one."""
    age = timedelta(hours=number ^ 1)
    chain.put(f"{number}.CSV", edition(number), **{"edition-at": f"{BEGAN + age:%Y-%m-%dT%H:%MZ}"})


BEGAN = datetime(2021, 1, 1)  # noqa: DTZ001 - UTC


@dataclass(frozen=True)
class Interleaved:
    """What the first run did: its steps, and whether it lost its lease to the second."""

    steps: list[str]
    lost_its_lease: bool


def interleave(chain: Chain, number: int, at: int | str, way: Way) -> Interleaved:
    """Two new editions, number and number + 1, by two runs.

    Raises:
        AssertionError: one of them ends otherwise than it should.
    """
    put(chain, number)
    held = Held(at, way)
    # A lease ends while the first run is held up, the lock of the export does not.
    stands_at = "is at work (export)" if way == "is held up" else "is at work"
    first, second = Run(chain.settings, FIRST_RUN), Run(chain.settings, SECOND_RUN, stands_at)
    with _stepping(held):
        first.start()
        while not held.is_there.wait(0.02) and first.is_alive():
            pass
        put(chain, number + 1)
        second.start()
        assert second.stands.wait(LONGEST_S)
        held.may_go_on.set()
        for run in (first, second):
            run.join(LONGEST_S)
            assert not run.is_alive(), f"{run.name} does not end"
    lost_its_lease = isinstance(first.raised, LeaseLost)
    died = way == "dies" and held.is_there.is_set()
    assert isinstance(first.raised, Died) if died else lost_its_lease or not first.raised, first
    assert way == "is held up" or not lost_its_lease
    assert second.raised is None, repr(second.raised)
    return Interleaved(held.steps, lost_its_lease)


@contextmanager
def _stepping(held: Held) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for owner, method in [
            *[(Session, name) for name in ("execute", "execute_many", "query")],
            (Bucket, "put_landing"),
        ]:
            patch.setattr(owner, method, _stepped(getattr(owner, method), held))
        if held.way != "goes on":
            patch.setattr(lease.Lease.__init__, "__defaults__", (SHORT,))
        if held.way == "is held up":
            patch.setattr(lease.Lease, "_renew_until", _not_for_first(lease.Lease._renew_until))
        yield


def _stepped(call: Callable[..., Any], held: Held) -> Callable[..., Any]:
    def wrapped(*arguments: Any, **values: Any) -> Any:
        is_session = isinstance(arguments[0], Session)
        held.step(arguments[1] if is_session else call.__name__)
        return call(*arguments, **values)

    return wrapped


def _not_for_first(renew: Callable[..., None]) -> Callable[..., None]:
    def renewing(self: lease.Lease, *arguments: Any) -> None:
        if self.holder != FIRST_RUN:
            renew(self, *arguments)

    return renewing


def everything(chain: Chain) -> list[dict[str, Any]]:
    """CLEAN without the times of its making."""
    return chain.sql("SELECT * EXCLUDE (merged_at) FROM CLEAN.OBSERVATIONS ORDER BY 1, 2")


def assert_as_after_one_run(chain: Chain, alone: Chain, files: int) -> None:
    """RAW, CLEAN, the ledger and the files are those of a chain that took all files in one run."""
    assert everything(chain) == everything(alone)
    for of in (chain, alone):
        assert of.states() == {f"{number}.CSV": "clean" for number in range(files)}
        assert of.count("RAW.OBSERVATIONS") == files * 48
        assert of.count("RAW.STATION_HEADERS") == files
        assert of.count("RAW.LANDING_FILES") == files * 2
        assert of.count("RAW.REJECTED_FILES") == 0
    assert chain.csv.read_bytes() == alone.csv.read_bytes()
