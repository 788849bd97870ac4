"""A child: a service's process, with what it starts itself, which does not outlive this one.

It has a session of its own, so Ctrl-C reaches this process alone, which stops its children in
order. Whatever a child starts is in its process group.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal, TypeAlias

STOP_DEADLINE_S = 20.0
# A library that is just imported may swallow the first signal. And a Python that has done all it
# had to do takes seconds to free what it imported, when nothing handles the next one any more.
ASK_AGAIN_S = 1.0

Child = subprocess.Popen[bytes]
LogMode: TypeAlias = Literal["wb", "ab"]

# The kernel sends SIGTERM when the thread that started the child is gone: then not even `kill -9`
# leaves an orphan. A program sets it, as Python's `preexec_fn` may hang in a process with threads.
_WITH_ITS_PARENT = ("setpriv", "--pdeathsig", "TERM", "--")


def start(
    command: Sequence[str],
    folder: Path,
    environ: Mapping[str, str],
    log: Path,
    log_mode: LogMode = "wb",
) -> Child:
    """Start a child in a folder; its log begins anew, or goes on with "ab"."""
    with log.open(log_mode) as stream:
        return subprocess.Popen(  # noqa: S603 - the commands are the services' own
            [*_WITH_ITS_PARENT, *command],
            cwd=folder,
            env=environ,
            stdout=stream,
            stderr=stream,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )


def stop(children: Mapping[str, Child], on_wait: Callable[[list[str]], None]) -> None:
    """`clear_away`, which no second Ctrl-C or SIGTERM breaks off."""
    with _undisturbed():
        clear_away(children, on_wait)


def clear_away(children: Mapping[str, Child], on_wait: Callable[[list[str]], None]) -> None:
    """Ask all to end at once, wait until they have, and kill what has not at the deadline.

    Args:
        children: by name.
        on_wait: is told who is waited for, at first and whenever somebody has ended.
    """
    now = next_ask = time.monotonic()
    deadline = now + STOP_DEADLINE_S
    left, told = dict(children), 0
    while left := {name: child for name, child in left.items() if _lives(child)}:
        if len(left) != told:
            told = len(left)
            # A closed terminal cannot be told; the children have to end all the same.
            with suppress(OSError):
                on_wait(list(left))
        if now >= next_ask:
            next_ask += ASK_AGAIN_S
            for child in left.values():
                _send(child, signal.SIGTERM if now < deadline else signal.SIGKILL)
        time.sleep(0.1)
        now = time.monotonic()


def has_ended(child: Child) -> bool:
    """Whether it has; it stays on the list of processes until `stop` has ended its group."""
    if child.returncode is not None:
        return True
    # Without a child there: whoever started us ignores SIGCHLD, and the kernel takes it off.
    with suppress(ChildProcessError):
        ended = os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return ended is not None
    return True


@contextmanager
def _undisturbed() -> Iterator[None]:
    """A second Ctrl-C must not break off what the first began."""
    before = {
        sign: signal.signal(sign, signal.SIG_IGN)
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def _lives(child: Child) -> bool:
    """Whether it, or anything of its group, is more than a zombie.

    Until then it stays on the list of processes, so that its number cannot be another's group.
    """
    if not has_ended(child):
        return True
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            state, _, group = path.read_text().rpartition(")")[2].split()[:3]
            if int(group) == child.pid and state not in "ZX":
                return True
    child.wait()
    return False


def _send(child: Child, sign: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, sign)
