"""Folders of temporary files: a process that is killed leaves one, and the next one removes it."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# One that is just made may not be locked yet.
JUST_MADE_S = 60.0
# In every such folder: a folder of somebody who called it alike has none.
_MARK = ".inmet-scratch"


@contextmanager
def scratch_folder(prefix: str, where: Path | None = None) -> Iterator[Path]:
    """A new folder, locked as long as this lasts, and removed with all it holds then.

    Args:
        prefix: of its name; `remove_dead_scratch` finds it by that.
        where: the folder it is made in; by default that of temporary files.
    """
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=where))
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        (folder / _MARK).touch()
        yield folder
    finally:
        os.close(handle)
        shutil.rmtree(folder, ignore_errors=True)


def remove_dead_scratch(prefix: str, where: Path | None = None) -> None:
    """Remove the folders that processes left which were killed.

    Args:
        prefix: of their names.
        where: the folder they were made in; by default that of temporary files.
    """
    for folder in (where or Path(tempfile.gettempdir())).glob(f"{prefix}*"):
        with suppress(OSError):  # another process was first, or it is somebody else's
            is_ours = (folder / _MARK).is_file()
            is_old = time.time() - folder.stat().st_mtime > JUST_MADE_S
            if is_ours and is_old and _is_free(folder):
                shutil.rmtree(folder)


def _is_free(folder: Path) -> bool:
    """Whether nobody holds it; the kernel frees what a dead process held."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True
