"""Peak memory of processes, from /proc."""

from __future__ import annotations

import threading
from pathlib import Path

EVERY_S = 0.2


class PeakMemory:
    """Watches a process and all below it; the peak resident memory of each, by its name."""

    def __init__(self, root: int) -> None:
        """Watch from `root` down."""
        self._root = root
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.peaks_mb: dict[str, int] = {}

    def __enter__(self) -> PeakMemory:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(EVERY_S):
            for pid in _descendants(self._root):
                name, peak = _name(pid), _peak_mb(pid)
                self.peaks_mb[name] = max(peak, self.peaks_mb.get(name, 0))


def _descendants(root: int) -> list[int]:
    found = [root]
    for pid in found:
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            found += [int(child) for child in _text(task).split()]
    return found


def _peak_mb(pid: int) -> int:
    for line in _text(Path(f"/proc/{pid}/status")).splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024
    return 0


def _name(pid: int) -> str:
    words = _text(Path(f"/proc/{pid}/cmdline")).split("\0")
    for known, name in {
        "local_cloud": "Snowflake and Snowpipe (embedded)",
        "ministack": "S3 and SQS (MiniStack)",
        "spawn_main": "reader (of the pool)",
        "resource_tracker": "Python's resource tracker",
    }.items():
        if any(known in word for word in words):
            return name
    return "the chain (Dagster)"


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # it has just ended
        return ""
