"""The command `inmet` as it is typed: as a process of its own, or in this one."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from inmet_platform.command.cli import main
from inmet_platform_tests.embedded import ROOT, clean_environ

TOOLS = Path(sys.executable).parent


def run(
    command: list[str], home: Path, *, timeout: float = 150, cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """Any program of ours, as a process."""
    environ = {
        **clean_environ(home),
        "PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "200",
    }
    return subprocess.run(
        command,
        cwd=cwd,
        env=environ,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def inmet(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The entry point with these arguments, in this process, which has imported all already."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["inmet", *arguments])
        patch.setenv("INMET_HOME", str(home))
        patch.setenv("COLUMNS", "200")
        with pytest.raises(SystemExit) as ended:
            main()
    code = ended.value.code or 0
    assert isinstance(code, int)
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())
