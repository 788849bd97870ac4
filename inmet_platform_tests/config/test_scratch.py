"""What a killed process leaves of temporary files is removed; what a living one has is not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from inmet_platform.config import scratch
from inmet_platform.config.scratch import remove_dead_scratch, scratch_folder
from inmet_platform_tests.processes import ROOT

HOLDS = (
    "import sys, pathlib; from inmet_platform.config.scratch import scratch_folder\n"
    "with scratch_folder('inmet-test-', pathlib.Path(sys.argv[1])) as folder:\n"
    "    (folder / 'file').touch(); print(folder, flush=True); sys.stdin.read()"
)


def test_a_folder_is_there_as_long_as_it_is_used(tmp_path: Path) -> None:
    with scratch_folder("inmet-test-", tmp_path) as folder:
        (folder / "file").touch()
        assert list(tmp_path.iterdir()) == [folder]
    assert list(tmp_path.iterdir()) == []


def test_of_a_killed_process_it_is_removed_and_of_a_living_one_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratch, "JUST_MADE_S", -1.0)
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout
        folder = Path(process.stdout.readline().strip())
        remove_dead_scratch("inmet-test-", tmp_path)
        assert folder.is_dir()
        process.kill()
        process.wait()
        remove_dead_scratch("inmet-test-", tmp_path)
        assert not folder.exists()


def test_what_is_just_made_and_what_is_another_s_stays(tmp_path: Path) -> None:
    young, alike = tmp_path / "inmet-test-1", tmp_path / "inmet-test-of-somebody"
    for folder in (young, alike):
        folder.mkdir()
    (young / ".inmet-scratch").touch()
    os.utime(alike, (0, 0))
    remove_dead_scratch("inmet-test-", tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([young, alike])
    os.utime(young, (0, 0))
    remove_dead_scratch("inmet-test-", tmp_path)
    assert list(tmp_path.iterdir()) == [alike]
