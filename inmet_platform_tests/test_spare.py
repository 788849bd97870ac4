"""The CSV before the present one: made into the next, unless somebody else has it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from inmet_platform.csv_file import nobody_has_open
from inmet_platform.manifest import Year, manifest_of, read_manifest, write_manifest
from inmet_platform.spare import keep_as_spare, take_spare


def _write(csv: Path, text: str) -> None:
    """A new CSV with its manifest in place of the present ones, as an export puts them there."""
    new = csv.with_name("new.csv")
    new.write_text(text)
    new.replace(csv)
    write_manifest(csv, [Year(2024, 1, "now", f"digest of {text}", 0, len(text))])


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "clean.csv"
    path.with_suffix("").mkdir()
    _write(path, "first")
    return path


def _export_again(csv: Path, whole: Path, text: str) -> list[tuple[int, str]]:
    kept = take_spare(csv, whole)
    whole.unlink(missing_ok=True)
    keep_as_spare(csv)
    _write(csv, text)
    return kept


def _names(csv: Path) -> list[str]:
    return sorted(path.name for path in csv.with_suffix("").iterdir())


def test_the_spare_tells_what_it_holds_though_the_manifest_has_been_replaced(
    csv: Path, tmp_path: Path
) -> None:
    assert _export_again(csv, tmp_path / "whole", "second") == []
    assert _names(csv) == [".before.csv", ".before.json", "export.json"]
    assert take_spare(csv, tmp_path / "whole") == [(5, "digest of first")]
    assert (tmp_path / "whole").read_text() == "first"
    assert [year.sha256 for year in read_manifest(csv).values()] == ["digest of second"]


TORN = ["", '{"csv_bytes": 5', "[]", '{"csv_bytes": 5}', "\x00"]


@pytest.mark.parametrize("text", TORN)
def test_a_torn_manifest_is_none_and_keeps_no_export_from_working(
    csv: Path, tmp_path: Path, text: str
) -> None:
    _export_again(csv, tmp_path / "whole", "second")
    (csv.with_suffix("") / ".before.json").unlink()
    (csv.with_suffix("") / ".before.json").write_text(text)
    assert _export_again(csv, tmp_path / "whole", "third") == []
    assert take_spare(csv, tmp_path / "whole") == [(6, "digest of second")]
    manifest_of(csv).write_text(text)
    assert read_manifest(csv) == {}


@pytest.mark.parametrize("copy", [os.link, os.symlink])
def test_a_file_with_another_name_is_never_written_into(
    csv: Path, tmp_path: Path, copy: Callable[[Path, Path], None]
) -> None:
    mine = tmp_path / "mine.csv"
    if copy is os.symlink:  # the user's file stands where the CSV is expected
        csv.replace(mine)
        copy(mine, csv)
        write_manifest(csv, [Year(2024, 1, "now", "digest", 0, 5)])
    else:
        copy(csv, mine)
    _export_again(csv, tmp_path / "whole", "second")
    assert take_spare(csv, tmp_path / "whole") == []
    assert mine.read_text() == "first"
    assert not (tmp_path / "whole").exists()
    assert _names(csv) == ["export.json"]


def test_the_present_csv_under_its_second_name_is_left_alone(csv: Path, tmp_path: Path) -> None:
    keep_as_spare(csv)
    assert take_spare(csv, tmp_path / "whole") == []
    assert csv.read_text() == "first"
    assert read_manifest(csv)
    assert _names(csv) == ["export.json"]


def test_the_next_csv_has_the_mode_of_a_fresh_file(csv: Path, tmp_path: Path) -> None:
    expected = stat.S_IMODE(csv.stat().st_mode)
    csv.chmod(0o400)
    _export_again(csv, tmp_path / "whole", "second")
    assert take_spare(csv, tmp_path / "whole")
    assert stat.S_IMODE((tmp_path / "whole").stat().st_mode) == expected


def test_what_cannot_be_opened_for_writing_is_somebody_else_s(tmp_path: Path) -> None:
    assert nobody_has_open(tmp_path) is False
