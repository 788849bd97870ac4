"""A failure stays where it is."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

from inmet_platform_tests.isolation import pytest_exception_interact
from inmet_platform_tests.processes import ROOT

FAILING = """
    import subprocess, sys
    import pytest

    def started():
        return subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)

    @pytest.fixture(scope="module")
    def server():
        process = started()
        raise OSError("not ready")

    def test_with_a_fixture_that_fails(server): ...

    def test_that_fails_with_a_process():
        process, file = started(), open(__file__)
        assert False
"""
PASSING = """
    import gc

    def test_that_passes():
        gc.collect()
"""


def test_a_failure_that_leaves_a_process_does_not_fail_a_test_of_another_file(
    tmp_path: Path,
) -> None:
    (tmp_path / "test_a.py").write_text(textwrap.dedent(FAILING))
    (tmp_path / "test_b.py").write_text(textwrap.dedent(PASSING))
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-W", "error"),
            *("-p", pytest_exception_interact.__module__, "--rootdir", tmp_path, tmp_path),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines()[-1].startswith("1 failed, 1 passed, 1 error"), done.stdout
