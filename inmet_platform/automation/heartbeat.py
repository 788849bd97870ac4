"""A run's sign of life: what its process renews where Dagster keeps its cursors.

Where an instance is of one machine, its processes can be asked themselves (`assets/dead_runs`).
A team's run may be in a container of another machine: of it only this can be seen.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from inmet_platform.assets.dead_runs import is_of_one_machine

BEATS_EVERY_S = 10.0

_log = logging.getLogger(__name__)


@contextmanager
def beating(instance: dg.DagsterInstance, run_id: str) -> Iterator[None]:
    """Renew the sign of life of a run as long as this lasts; the first is there at once.

    An instance of one machine needs none.
    """
    if is_of_one_machine(instance):
        yield
        return
    is_over = threading.Event()
    _beat(instance, run_id, 0)
    thread = threading.Thread(target=_beat_until, args=(instance, run_id, is_over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join(BEATS_EVERY_S)


def last_beat(instance: dg.DagsterInstance, run_id: str) -> str | None:
    """The newest sign of life; None of a run that gives none, or has not begun."""
    storage = instance.daemon_cursor_storage
    return storage.get_cursor_values({_key(run_id)}).get(_key(run_id)) if storage else None


def _beat_until(instance: dg.DagsterInstance, run_id: str, is_over: threading.Event) -> None:
    count = 0
    while not is_over.wait(BEATS_EVERY_S):
        count += 1
        _beat(instance, run_id, count)


def _beat(instance: dg.DagsterInstance, run_id: str, count: int) -> None:
    """Renew it; what fails is tried again with the next one."""
    try:
        instance.daemon_cursor_storage.set_cursor_values({_key(run_id): str(count)})
    except Exception:
        _log.warning("run %s could not renew its sign of life", run_id, exc_info=True)


def _key(run_id: str) -> str:
    return f"inmet/heartbeat/{run_id}"
