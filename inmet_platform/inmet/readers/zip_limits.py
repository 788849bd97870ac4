"""What a zip may hold: refused as a whole before anything of it is unpacked."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

from inmet_platform.errors import Place, UnreadableFile

# 25 years of the whole network in one zip are some 14,000 files.
MOST_MEMBERS = 30_000
LARGEST_MEMBER_BYTES = 64_000_000
# A year of a station without a value, the emptiest file of INMET, is packed 80 times; a bomb
# 1,000 times, which is as much as deflate can.
MOST_TIMES_PACKED = 250
# Small ones do no harm, and are packed as they like.
SMALL_BYTES = 10_000_000

_ENTRY_SIZE = 46
# What zipfile itself goes by, ZIP64 or not: it has no public name for it.
_end_record: Any = zipfile._EndRecData  # type: ignore[attr-defined]
_SIZE_OF_LIST: int = zipfile._ECD_SIZE  # type: ignore[attr-defined]


def listed_bytes(stream: BinaryIO) -> int:
    """The size of a zip's list of files, which `zipfile` reads as a whole; 0 when it is no zip."""
    try:
        record = _end_record(stream)
    except (OSError, zipfile.BadZipFile):
        return 0  # whoever opens it says so
    finally:
        stream.seek(0)
    return int(record[_SIZE_OF_LIST]) if record else 0


def is_list_small(stream: BinaryIO) -> bool:
    """Whether the list may be read: it is no longer than that of `MOST_MEMBERS` long names."""
    return listed_bytes(stream) <= MOST_MEMBERS * _ENTRY_SIZE * 8


def require_small_list(path: Path, place: Place) -> None:
    """Refuse a zip that lists too much to be looked at.

    Raises:
        UnreadableFile: with the size of the list.
    """
    with path.open("rb") as stream:
        if not is_list_small(stream):
            raise UnreadableFile(
                place,
                expected=f"a zip of at most {MOST_MEMBERS:,} files",
                found=f"one whose list of files has {listed_bytes(stream):,} bytes",
                remedy="Send its files in several zips.",
            )


def require_sound_sizes(entries: list[zipfile.ZipInfo], size_bytes: int, place: Place) -> None:
    """Refuse too many files, and files that are packed as nothing of INMET's can be.

    Args:
        entries: of the zip, which may say of their packed sizes what they like.
        size_bytes: of the zip itself.
        place: of the zip.

    Raises:
        UnreadableFile: with what was found.
    """
    if len(entries) > MOST_MEMBERS:
        raise UnreadableFile(
            place,
            expected=f"a zip of at most {MOST_MEMBERS:,} files",
            found=f"{len(entries):,}",
            remedy="Send its files in several zips.",
        )
    # A larger one is refused by itself, and never unpacked.
    members = [it for it in entries if it.file_size <= LARGEST_MEMBER_BYTES]
    _require_sound_packing(members, size_bytes, place)


def require_sound_workbook(data: bytes, place: Place) -> None:
    """Refuse a workbook that is packed as nothing of a spreadsheet's can be: it is opened whole.

    Raises:
        UnreadableFile: with what was found.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        _require_sound_packing(archive.infolist(), len(data), place)


def _require_sound_packing(entries: list[zipfile.ZipInfo], size_bytes: int, place: Place) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > SMALL_BYTES and unpacked > MOST_TIMES_PACKED * size_bytes:
        raise UnreadableFile(
            place,
            expected=f"files that are packed {MOST_TIMES_PACKED} times at most",
            found=f"{unpacked:,} bytes packed in {size_bytes:,}",
        )
