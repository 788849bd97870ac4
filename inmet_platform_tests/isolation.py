"""A failing test or fixture makes no other test fail."""

from __future__ import annotations

import gc
import subprocess
import traceback
import warnings
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_exception_interact(call: pytest.CallInfo[Any]) -> Iterator[None]:
    """Free what the failure holds: files and connections; end processes that nobody holds then.

    Python keeps the frames of the last exception, and pytest those of a fixture that failed. Freed
    later, what they left open would warn in another test, which fails by the warning.
    """
    yield
    assert call.excinfo
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        for failure in _all_of(call.excinfo.value):
            traceback.clear_frames(failure.__traceback__)
            for frame, _ in traceback.walk_tb(failure.__traceback__):
                _ = frame.f_locals  # before Python 3.13 a copy, which follows when asked for
        gc.collect()
        orphans: list[subprocess.Popen[Any]] = subprocess._active  # type: ignore[attr-defined]
        while orphans:
            orphans[-1].kill()
            orphans.pop().wait()
        gc.collect()


def _all_of(failure: BaseException) -> list[BaseException]:
    """An exception, those that led to it, and those of its group."""
    found, waiting = [], [failure]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.append(one)
            others = [one.__cause__, one.__context__, *getattr(one, "exceptions", ())]
            waiting += [other for other in others if other]
    return found
