"""A zip that holds too much is refused as a whole, before anything of it is unpacked."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from inmet_platform.errors import UnreadableFile
from inmet_platform.inmet.readers import members
from inmet_platform.inmet.readers.zip_limits import MOST_MEMBERS
from inmet_platform_tests.files import small_portal_file


def _zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def test_a_zip_of_more_files_than_the_whole_archive_has_is_refused(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", {f"{n}.csv": b"" for n in range(MOST_MEMBERS + 1)})
    with pytest.raises(UnreadableFile, match=r"at most 30,000 files; found 30,001") as refused:
        list(members(path))
    assert "in several zips" in str(refused.value)


def test_a_list_of_files_that_is_too_long_to_be_read_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _zip(tmp_path / "a.zip", {"a.csv": b"x"})
    data = bytearray(path.read_bytes())
    struct.pack_into("<L", data, data.rindex(b"PK\x05\x06") + 12, 900_000_000)
    path.write_bytes(data)
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("it was read"))
    with pytest.raises(UnreadableFile, match="whose list of files has 900,000,000 bytes"):
        list(members(path))


def test_a_bomb_is_refused_whatever_it_is_called(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", {"INMET_A001.CSV": bytes(50_000_000)})
    with pytest.raises(UnreadableFile, match=r"packed 250 times at most; found 50,000,000 bytes"):
        list(members(path))


def test_many_small_bombs_are_one(tmp_path: Path) -> None:
    bomb = bytes(1_000_000)
    path = _zip(tmp_path / "a.zip", {f"{n}.csv": bomb for n in range(20)})
    with pytest.raises(UnreadableFile, match="packed 250 times at most"):
        list(members(path))


def test_a_year_without_any_value_is_no_bomb(tmp_path: Path) -> None:
    line = b"2020/01/01;0000 UTC" + b";" * 18 + b"\r\n"
    data = b"".join([*small_portal_file().splitlines(keepends=True)[:9], *[line] * 8784])
    path = _zip(tmp_path / "a.zip", {f"{n}.CSV": data for n in range(40)})
    assert len(list(members(path))) == 40


@pytest.mark.parametrize("tail", [b"", b"PK\x05\x06", b"PK\x05\x06" + bytes(17)])
def test_a_zip_that_is_cut_off_is_refused_as_damaged(tmp_path: Path, tail: bytes) -> None:
    path = tmp_path / "a.zip"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.csv", b"x")
    path.write_bytes(stream.getvalue()[:20] + tail)
    with pytest.raises(UnreadableFile, match="a damaged one"):
        list(members(path))
