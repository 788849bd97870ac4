"""A test that fails, or whose fixture fails, takes nothing of another test with it."""

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
    failure: BaseException | None = call.excinfo.value
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        while failure:
            traceback.clear_frames(failure.__traceback__)
            for frame, _ in traceback.walk_tb(failure.__traceback__):
                _ = frame.f_locals  # before Python 3.13 a copy, which follows when asked for
            failure = failure.__cause__ or failure.__context__
        gc.collect()
        orphans: list[subprocess.Popen[Any]] = subprocess._active  # type: ignore[attr-defined]
        while orphans:
            orphans[-1].kill()
            orphans.pop().wait()
        gc.collect()
