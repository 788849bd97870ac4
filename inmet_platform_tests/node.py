"""Node's test runner and Debian's Chromium, for what runs in a browser."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from inmet_platform_tests.embedded import ROOT
from inmet_platform_tests.needs import BROWSER, CHROMIUM, NODE, NODE_MODULES, needs

needs_node = needs(NODE)
needs_browser = needs(NODE, BROWSER, NODE_MODULES)

DEADLINE_S = 900.0


def run_node_tests(file: Path, **environment: str) -> None:
    """Run one file of tests; what failed is the message."""
    done = subprocess.run(
        ["node", "--test", "--test-reporter=spec", str(file)],
        env={**os.environ, "CHROMIUM": CHROMIUM or "", "NO_COLOR": "1", **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
