"""A zip that holds too much is refused as a whole, before anything of it is unpacked."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.inmet.readers import holds_workbook, members
from inmet_platform.inmet.readers.wrapped import unwrapped
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


def _in_the_record(data: bytes) -> bytes:
    at = data.rindex(b"PK\x05\x06")
    return data[: at + 12] + struct.pack("<L", 900_000_000) + data[at + 16 :]


def _in_a_zip64_record(data: bytes) -> bytes:
    """The old record says 100 bytes; zipfile goes by the one before it."""
    at = data.rindex(b"PK\x05\x06")
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, 900_000_000, 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    return data[:at] + record + locator + data[at:]


@pytest.mark.parametrize("listing", [_in_the_record, _in_a_zip64_record])
def test_a_list_of_files_that_is_too_long_to_be_read_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listing: Callable[[bytes], bytes]
) -> None:
    path = _zip(tmp_path / "a.zip", {"a.csv": b"x"})
    path.write_bytes(listing(path.read_bytes()))
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("it was read"))
    with path.open("rb") as stream:
        assert not holds_workbook(stream)
    with pytest.raises(UnreadableFile, match="whose list of files has 900,000,000 bytes"):
        list(members(path))


def test_a_bomb_is_refused_whatever_it_is_called(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", {"INMET_A001.CSV": bytes(50_000_000)})
    with pytest.raises(UnreadableFile, match=r"packed 250 times at most; found 50,000,000 bytes"):
        list(members(path))


def test_a_bomb_is_refused_whatever_else_the_zip_says_of_itself(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", {"content.xml": b"<x/>", "a.csv": bytes(50_000_000)})
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")  # what the first file's list entry says of its packed size
    struct.pack_into("<L", data, at + 20, 4_000_000_000)
    path.write_bytes(data)
    with pytest.raises(UnreadableFile, match="packed 250 times at most"):
        list(members(path))


def test_a_workbook_that_is_a_bomb_is_not_opened(tmp_path: Path) -> None:
    entries = {"[Content_Types].xml": b"<x/>", "xl/workbook.xml": bytes(70_000_000)}
    data = _zip(tmp_path / "a.xlsx", entries).read_bytes()
    with pytest.raises(UnreadableFile, match="packed 250 times at most; found 70,000,004 bytes"):
        unwrapped(data, Place("a.xlsx"))


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
