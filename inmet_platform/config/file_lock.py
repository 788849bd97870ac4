"""Locks between processes of one machine: the kernel frees them when their process ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


class SharedLock:
    """A lock that several commands hold together."""

    def __init__(self, handle: int) -> None:
        """Bind the file that is locked."""
        self._handle = handle

    def await_alone(self, on_others: Callable[[], None]) -> None:
        """Wait until nobody else holds it, and let nobody else have it then.

        Args:
            on_others: is called when there are others to wait for.
        """
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            on_others()
            fcntl.flock(self._handle, fcntl.LOCK_EX)


@contextmanager
def shared_lock(path: Path) -> Iterator[SharedLock]:
    """Hold a lock together with others; wait for who has it alone."""
    with _locked(path, fcntl.LOCK_SH) as handle:
        yield SharedLock(handle)


@contextmanager
def exclusive_lock(path: Path) -> Iterator[None]:
    """Hold a file or folder alone; wait for who has it."""
    with _locked(path, fcntl.LOCK_EX):
        yield


@contextmanager
def _locked(path: Path, kind: int) -> Iterator[int]:
    created = 0 if path.is_dir() else os.O_CREAT
    handle = os.open(path, os.O_RDONLY | created, 0o644)
    try:
        fcntl.flock(handle, kind)
        yield handle
    finally:
        os.close(handle)
