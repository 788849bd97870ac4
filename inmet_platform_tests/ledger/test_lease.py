"""A lease: one run has it, as long as it lives."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from inmet_platform.errors import LeaseLost
from inmet_platform.ledger.landed_file import LandedFile
from inmet_platform.ledger.lease import Lease
from inmet_platform.ledger.ledger import Ledger, Outcome
from inmet_platform.ledger.status import FileState
from inmet_platform.warehouse.session import Session
from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.files import small_portal_file

SHORT = timedelta(seconds=0.6)


@pytest.fixture
def sessions(chain: Chain) -> Iterator[tuple[Session, Session]]:
    with chain.session() as first, chain.session() as second:
        yield first, second


def _lease(chain: Chain, session: Session, holder: str, lasts: timedelta = SHORT) -> Lease:
    return Lease("intake", holder, session, chain.session, lasts)


def test_a_second_run_waits_until_the_first_gives_it_back(
    chain: Chain, sessions: tuple[Session, Session]
) -> None:
    order, told = [], threading.Event()
    first, second = (
        _lease(chain, session, name) for session, name in zip(sessions, "ab", strict=True)
    )

    def wait() -> None:
        with second.held(lambda sentence: (order.append(sentence), told.set())[0]):
            order.append("b has it")

    waiting = threading.Thread(target=wait)
    with first.held(print):
        waiting.start()
        assert told.wait(20)
        order.append("a is done")
    waiting.join(20)
    assert order == [
        "run a is at work (intake); waiting until it is done, or dead",
        *("a is done", "b has it"),
    ]


def test_work_that_takes_longer_than_the_lease_keeps_it(
    chain: Chain, sessions: tuple[Session, Session]
) -> None:
    first, second = sessions
    with _lease(chain, first, "a").held(print):
        [before] = first.query("lease/select_holder", lease_name="intake")
        deadline = time.monotonic() + 20
        while _until(first) <= before["held_until"]:  # awaited: the other session renews it
            assert time.monotonic() < deadline, "the lease was never renewed"
            time.sleep(0.02)
        taken = second.execute("lease/take", lease_name="intake", holder="b", milliseconds=1000)
        assert taken == 0


def _until(session: Session) -> object:
    [row] = session.query("lease/select_holder", lease_name="intake")
    return row["held_until"]


def test_the_lease_of_a_dead_run_ends_by_itself(
    chain: Chain, sessions: tuple[Session, Session]
) -> None:
    dead, alive = sessions
    assert dead.execute("lease/take", lease_name="intake", holder="dead", milliseconds=300)
    said: list[str] = []
    with _lease(chain, alive, "alive").held(said.append):
        assert _until(alive)
    assert said == ["run dead is at work (intake); waiting until it is done, or dead"]


def test_a_run_that_was_held_up_writes_nothing_over_its_successor(
    chain: Chain, sessions: tuple[Session, Session]
) -> None:
    chain.put("a.CSV", small_portal_file())
    late, successor = sessions
    lease = _lease(chain, late, "late")
    ledger = Ledger(late)
    ledger.register(chain.bucket.list_raw())
    [row] = ledger.received()
    assert successor.execute("lease/take", lease_name="intake", holder="next", milliseconds=60_000)
    with pytest.raises(LeaseLost, match="Run again"):
        ledger.record([Outcome(row, LandedFile("s", "u"), FileState.REJECTED, "bad")], lease)
    assert chain.states() == {"a.CSV": "received"}
    assert chain.count("RAW.REJECTED_FILES") == 0
