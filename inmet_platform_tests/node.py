"""Node's test runner and Debian's Chromium, for what runs in a browser."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
needs_browser = pytest.mark.skipif(
    shutil.which("node") is None
    or CHROMIUM is None
    or not (ROOT / "node_modules" / "playwright-core").is_dir(),
    reason="needs node, chromium and node_modules (make node_modules/.ready)",
)


def run_node_tests(file: Path, **environment: str) -> None:
    """Run one file of tests; what failed is the message."""
    done = subprocess.run(
        ["node", "--test", "--test-reporter=spec", str(file)],
        env={**os.environ, "CHROMIUM": CHROMIUM or "", "NO_COLOR": "1", **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
