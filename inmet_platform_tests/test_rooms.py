"""The rooms of the house: what stands at the root, how long a file is, which way arrows point."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from inmet_platform_tests.embedded import ROOT

PACKAGES = ("inmet_platform", "local_cloud", "upload_service", "data_service")
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")
LONGEST_FILE_LINES = 250
MADE = {"node_modules", "build", "data", "__pycache__"}


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT_IMPORTS, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


def test_every_arrow_points_down() -> None:
    done = _lint(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("module", "turned", "contract"),
    [
        ("storage/bucket", "inmet_platform.command.console", "A room imports only rooms below it"),
        ("inmet/schema", "inmet_platform.config.settings", "The domain knows neither Dagster"),
        ("model/grid", "dagster", "The domain knows neither Dagster"),
        ("command/services", "local_cloud.serve", "The platform never imports the embedded cloud"),
        ("config/sign_in", "inmet_platform.config.settings", "No circle of imports"),
    ],
)
def test_a_turned_arrow_is_told(tmp_path: Path, module: str, turned: str, contract: str) -> None:
    for name in PACKAGES:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("static"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / "inmet_platform" / f"{module}.py").open("a") as stream:
        stream.write(f"\nimport {turned}\n")
    done = _lint(tmp_path)
    assert done.returncode == 1
    broken = [line for line in done.stdout.splitlines() if " BROKEN" in line]
    assert any(line.startswith(contract) for line in broken), done.stdout


def test_the_platform_s_folder_shows_the_rooms() -> None:
    entries = [it for it in (ROOT / "inmet_platform").iterdir() if it.name != "__pycache__"]
    assert len(entries) <= 22
    assert sum(it.is_file() for it in entries) <= 4


def test_every_room_says_what_belongs_there() -> None:
    for room in (ROOT / "inmet_platform").iterdir():
        if room.is_dir() and room.name != "__pycache__":
            told = (room / "__init__.py").read_text(encoding="utf-8")
            assert told.count(".") >= 2, room.name


def _our_files() -> Iterator[Path]:
    """What git keeps; in a tree that git does not know, all that is neither installed nor made."""
    if shutil.which("git"):
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
        )
        if listed.returncode == 0:
            yield from (ROOT / name for name in listed.stdout.split("\0") if name)
            return
    for folder, inner, names in os.walk(ROOT):
        inner[:] = [name for name in inner if name not in MADE and not name.startswith(".")]
        yield from (Path(folder, name) for name in names)


def test_no_file_is_longer_than_one_reads_in_one_go() -> None:
    lines = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in _our_files()
        if path.suffix in {".py", ".js", ".mjs", ".sh"}
        if "vendor" not in path.parts and path.exists()
    }
    assert lines
    assert {name: n for name, n in lines.items() if n > LONGEST_FILE_LINES} == {}
