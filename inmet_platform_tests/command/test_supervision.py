"""A service that ends is started again; one that cannot live stops `inmet up`, with its log."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from inmet_platform.command import supervision
from inmet_platform.command.child import Child, has_ended, stop
from inmet_platform.command.services import Service, ServiceError, start_again
from inmet_platform.command.supervision import Supervision
from inmet_platform_tests.processes import at_work, await_that

LIVES = "import signal; print('lives', flush=True); signal.pause()"
DIES = "import sys; print('it died', flush=True); sys.exit(3)"
# A child of its own holds what the next one needs.
LEAVES_A_CHILD = (
    "import subprocess, sys, signal; "
    f"subprocess.Popen([sys.executable, '-c', {LIVES!r}]); signal.pause()"
)


@contextmanager
def _supervised(
    home: Path, told: list[str], **programs: str
) -> Iterator[tuple[Supervision, dict[str, Child]]]:
    services = [
        Service(name, (sys.executable, "-c", program), "http://127.0.0.1:9")
        for name, program in programs.items()
    ]
    children = {service.name: start_again(service, home) for service in services}
    try:
        yield Supervision(services, home, children, told.append), children
    finally:
        stop(children, lambda _: None)


def _looking(watch: Supervision, until: Callable[[], bool]) -> Callable[[], bool]:
    def condition() -> bool:
        watch.look()
        return until()

    return condition


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "FIRST_PAUSE_S", 0.01)
    # These answer to nobody, so nobody waits until they do.
    monkeypatch.setattr("inmet_platform.command.services.START_AGAIN_S", 0.0)


def test_a_killed_service_is_started_again_and_the_others_go_on(tmp_path: Path) -> None:
    told: list[str] = []
    with _supervised(tmp_path, told, one=LIVES, other=LIVES) as (watch, children):
        killed, other = children["one"], children["other"]
        killed.kill()
        await_that(_looking(watch, lambda: "one was started again" in told), tmp_path)
        assert told[0].startswith("one ended with -9 and is started again")
        assert children["one"].pid != killed.pid
        assert not has_ended(children["one"])
        assert children["other"] is other
        assert not has_ended(other)


def test_what_a_dead_service_had_started_is_gone_before_the_next_begins(tmp_path: Path) -> None:
    told: list[str] = []
    log = tmp_path / ".inmet" / "logs" / "one.log"
    with _supervised(tmp_path, told, one=LEAVES_A_CHILD) as (watch, children):
        await_that(lambda: "lives" in log.read_text(), log)
        assert len(at_work(tmp_path)) == 2
        children["one"].kill()
        await_that(_looking(watch, lambda: bool(told)), log)
        assert at_work(tmp_path) == []


def test_a_service_that_ends_again_and_again_is_an_error_with_its_log(tmp_path: Path) -> None:
    told: list[str] = []
    with (
        _supervised(tmp_path, told, one=DIES) as (watch, _),
        pytest.raises(ServiceError, match=r"'one' ended 5 times in a row.*with 3") as failed,
    ):
        await_that(_looking(watch, lambda: False), tmp_path)
    assert str(failed.value).count("it died") == supervision.MOST_DEATHS
    assert sum("is started again in" in line for line in told) == supervision.MOST_DEATHS - 1


def test_the_pauses_grow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "FIRST_PAUSE_S", 0.5)
    monkeypatch.setattr(supervision, "LONGEST_PAUSE_S", 1.0)
    told: list[str] = []
    with _supervised(tmp_path, told, one=DIES) as (watch, _), pytest.raises(ServiceError):
        await_that(_looking(watch, lambda: False), tmp_path)
    pauses = [line.partition(" again in ")[2].partition(" s")[0] for line in told if " in " in line]
    assert pauses == ["0", "1", "1", "1"]


def test_deaths_long_apart_are_not_in_a_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "WELL_AFTER_S", 0.0)
    told: list[str] = []
    with _supervised(tmp_path, told, one=LIVES) as (watch, children):
        for count in range(1, supervision.MOST_DEATHS + 2):
            children["one"].send_signal(signal.SIGKILL)
            await_that(
                _looking(watch, lambda count=count: told.count("one was started again") == count),
                tmp_path,
            )
    assert all("(1 of at most 5" in line for line in told if "ended" in line)
    assert at_work(tmp_path) == []
