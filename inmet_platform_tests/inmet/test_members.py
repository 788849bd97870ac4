"""What is read out of a zip, and what is refused without touching its other members."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inmet_platform.errors import UnreadableFile
from inmet_platform.inmet.readers import inspect_file, is_zip, members
from inmet_platform_tests.files import small_portal_file, zip_of

GOOD = small_portal_file(hours=3)


def _written(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "2020.zip"
    path.write_bytes(data)
    return path


def _with_declared_size(data: bytes, size: int) -> bytes:
    """A zip of one member whose directory declares another uncompressed size."""
    at = data.index(b"PK\x01\x02") + 24
    return data[:at] + struct.pack("<I", size) + data[at + 4 :]


def test_a_plain_file_is_one_member_without_a_name(tmp_path: Path) -> None:
    path = tmp_path / "f.CSV"
    path.write_bytes(GOOD)
    [member] = members(path)
    assert (member.name, member.size_bytes, member.read()) == (None, len(GOOD), GOOD)


def test_a_zip_gives_its_files_in_order_with_their_times(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.mkdir("2020")
        for name in ("2020/b.CSV", "__MACOSX/2020/._b.CSV", ".DS_Store", "a.CSV"):
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 31, 10, 20, 30)), GOOD)
    found = list(members(_written(tmp_path, buffer.getvalue())))
    assert [member.name for member in found] == ["2020/b.CSV", "a.CSV"]
    assert found[0].modified_at == datetime(2024, 1, 31, 13, 20, 30, tzinfo=UTC), "Brasília's"
    assert [member.read() for member in found] == [GOOD, GOOD]


INSTANT = datetime(2024, 7, 1, 2, 3, 4, tzinfo=UTC)
TICKS = int((INSTANT - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10**7
UNIX = struct.pack("<HHBi", 0x5455, 5, 1, int(INSTANT.timestamp()))
WINDOWS = struct.pack("<HHIHHQQQ", 0x000A, 32, 0, 1, 24, TICKS, TICKS, TICKS)
ENDLESS = struct.pack("<HHIHHQQQ", 0x000A, 32, 0, 1, 24, *[2**64 - 1] * 3)
UNKNOWN = struct.pack("<HHBi", 0x5455, 5, 1, 0)
OTHER = struct.pack("<HH4s", 0x7875, 4, b"uid!")


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        (UNIX, INSTANT),
        (OTHER + UNIX, INSTANT),
        (WINDOWS, INSTANT),
        (ENDLESS, datetime(2024, 1, 31, 13, tzinfo=UTC)),
        (UNKNOWN, datetime(2024, 1, 31, 13, tzinfo=UTC)),
        (OTHER, datetime(2024, 1, 31, 13, tzinfo=UTC)),
        (struct.pack("<HHB", 0x5455, 1, 0), datetime(2024, 1, 31, 13, tzinfo=UTC)),
    ],
    ids=[
        "Unix",
        "behind another",
        "Windows",
        "endless",
        "unknown",
        "another alone",
        "without a time",
    ],
)
def test_the_instant_that_the_packer_wrote_down_goes_before_its_local_time(
    tmp_path: Path, extra: bytes, expected: datetime
) -> None:
    entry = zipfile.ZipInfo("a.CSV", (2024, 1, 31, 10, 0, 0))
    entry.extra = extra
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(entry, GOOD)
    [member] = members(_written(tmp_path, buffer.getvalue()))
    assert member.modified_at == expected


def test_two_members_of_one_name_are_both_read(tmp_path: Path) -> None:
    other = small_portal_file(hours=5)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.CSV", GOOD)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.CSV", other)
    path = _written(tmp_path, buffer.getvalue())
    assert [member.read() for member in members(path)] == [GOOD, other]


@pytest.mark.parametrize(
    ("head", "answer"),
    [(b"PK\x03\x04rest", True), (b"PK\x05\x06", True), (b"", False), (GOOD[:4], False)],
    ids=["zip", "empty zip", "empty file", "CSV"],
)
def test_a_zip_is_told_by_its_first_bytes(head: bytes, answer: bool) -> None:
    assert is_zip(head) is answer


ZIP = zip_of({"a.CSV": GOOD})

BROKEN_MEMBERS = {
    "declares too much": (
        _with_declared_size(ZIP, 64_000_001),
        "2020.zip, a.CSV: expected at most 64,000,000 bytes; found 64,000,001 bytes.",
    ),
    "declares more than it holds": (
        _with_declared_size(ZIP, len(GOOD) + 1),
        f"2020.zip, a.CSV: expected {len(GOOD) + 1:,} bytes, as declared; "
        f"found {len(GOOD):,} bytes.",
    ),
    "declares less than it holds": (
        _with_declared_size(ZIP, len(GOOD) - 1),
        "2020.zip, a.CSV: expected a sound member; "
        "found a damaged one (Bad CRC-32 for file 'a.CSV').",
    ),
    "a zip within the zip": (
        zip_of({"a.CSV": ZIP}),
        "2020.zip, a.CSV: expected CSV text; found a zip. "
        "Send the CSV itself, or a zip that holds CSV files.",
    ),
    "encrypted": (
        ZIP.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"),
        "2020.zip, a.CSV: expected a member without a password; found an encrypted one.",
    ),
    "no such compression": (
        ZIP.replace(
            b"PK\x01\x02\x14\x03\x14\x00\x00\x00\x08\x00",
            b"PK\x01\x02\x14\x03\x14\x00\x00\x00\x63\x00",
        ),
        "2020.zip, a.CSV: expected a member compressed with deflate; "
        "found That compression method is not supported.",
    ),
}


@pytest.mark.parametrize(("data", "sentence"), BROKEN_MEMBERS.values(), ids=BROKEN_MEMBERS)
def test_a_broken_member_gets_its_sentence(data: bytes, sentence: str, tmp_path: Path) -> None:
    inspection = inspect_file(_written(tmp_path, data))
    assert [str(refusal) for refusal in inspection.refusals] == [sentence]


BROKEN_ZIPS = {
    "cut off": (
        ZIP[: len(ZIP) // 2],
        "2020.zip: expected a whole zip; found a damaged one (File is not a zip file).",
    ),
    "empty": (zip_of({}), "2020.zip: expected a zip with files; found an empty zip."),
}


@pytest.mark.parametrize(("data", "sentence"), BROKEN_ZIPS.values(), ids=BROKEN_ZIPS)
def test_a_broken_zip_gets_its_sentence(data: bytes, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        list(members(_written(tmp_path, data)))
    assert str(refusal.value) == sentence


def test_a_refused_member_keeps_no_other_from_being_read(tmp_path: Path) -> None:
    data = zip_of({"a.CSV": GOOD, "leia-me.txt": b"oi", "b.CSV": small_portal_file("A002")})
    inspection = inspect_file(_written(tmp_path, data), name="upload.zip")
    assert [report.station_id for report in inspection.reports] == ["A001", "A002"]
    assert [str(refusal.place) for refusal in inspection.refusals] == [
        "upload.zip, leia-me.txt, line 1"
    ]


def test_an_inspection_is_ready_for_json(tmp_path: Path) -> None:
    [report] = inspect_file(_written(tmp_path, ZIP)).to_dict()["reports"]
    assert report["first_hour"] == "2020-01-01T00:00:00Z"
    assert (report["member"], report["rows"], report["vintage"]) == ("a.CSV", 3, "2020-")
