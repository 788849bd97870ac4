"""Locks between processes: who started something waits for who uses it."""

from __future__ import annotations

import threading
from pathlib import Path

from inmet_platform.config.file_lock import exclusive_lock, shared_lock


def test_who_would_be_alone_says_so_and_waits_for_the_others(tmp_path: Path) -> None:
    file, alone = tmp_path / "users.lock", threading.Event()
    told = threading.Event()
    with shared_lock(file) as mine:
        with shared_lock(file):
            waiting = threading.Thread(
                target=lambda: (mine.await_alone(told.set), alone.set()), daemon=True
            )
            waiting.start()
            assert told.wait(10)
            assert not alone.is_set()
        assert alone.wait(10)
        waiting.join(10)


def test_who_is_alone_waits_for_nobody(tmp_path: Path) -> None:
    told = threading.Event()
    with shared_lock(tmp_path / "users.lock") as mine:
        mine.await_alone(told.set)
    assert not told.is_set()


def test_of_two_that_lock_a_folder_one_waits(tmp_path: Path) -> None:
    order: list[str] = []

    def second() -> None:
        with exclusive_lock(tmp_path):
            order.append("second")

    with exclusive_lock(tmp_path):
        waiting = threading.Thread(target=second, daemon=True)
        waiting.start()
        order.append("first")
    waiting.join(10)
    assert order == ["first", "second"]
