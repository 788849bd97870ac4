"""What a zip may hold: refused as a whole before anything of it is unpacked."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

from inmet_platform.errors import Place, UnreadableFile

# 25 years of the whole network in one zip are some 14,000 files.
MOST_MEMBERS = 30_000
# A year of a station without a value, the emptiest file of INMET, is packed 80 times; a bomb
# 1,000 times, which is as much as deflate can.
MOST_TIMES_PACKED = 250
# Small ones do no harm, and are packed as they like.
SMALL_BYTES = 10_000_000

# APPNOTE.TXT of PKWARE, 4.3.16: the record at the end, and what stands in it where the zip is too
# large for it (4.3.14 and 4.3.15 have the numbers then).
_END, _END_SIZE = b"PK\x05\x06", 22
_LONGEST_COMMENT = 0xFFFF
_ENTRY_SIZE = 46


def require_small_directory(path: Path, place: Place) -> None:
    """Refuse a zip that lists too much to be looked at; `zipfile` reads its list as a whole.

    Raises:
        UnreadableFile: the list is longer than that of `MOST_MEMBERS` files with long names.
    """
    with path.open("rb") as stream:
        stream.seek(0, 2)
        stream.seek(max(stream.tell() - _LONGEST_COMMENT - _END_SIZE, 0))
        tail = stream.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + _END_SIZE:
        return  # no zip: whoever opens it says so
    [listed] = struct.unpack_from("<L", tail, at + 12)
    if listed != 0xFFFFFFFF and listed > MOST_MEMBERS * _ENTRY_SIZE * 8:
        raise UnreadableFile(
            place,
            expected=f"a zip of at most {MOST_MEMBERS:,} files",
            found=f"one whose list of files has {listed:,} bytes",
            remedy="Send its files in several zips.",
        )


def require_sound_sizes(entries: list[zipfile.ZipInfo], place: Place) -> None:
    """Refuse too many files, and files that are packed as nothing of INMET's can be.

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
    packed, unpacked = (
        sum(getattr(entry, name) for entry in entries) for name in ("compress_size", "file_size")
    )
    if unpacked > SMALL_BYTES and unpacked > MOST_TIMES_PACKED * packed:
        raise UnreadableFile(
            place,
            expected=f"files that are packed {MOST_TIMES_PACKED} times at most",
            found=f"{unpacked:,} bytes packed in {packed:,}",
        )
