"""The files inside an upload: a plain file is one, a zip has many that are read one at a time.

A workbook of Excel is a zip by its bytes, and one file.
"""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path, PurePosixPath

from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.inmet.readers.wrapped import is_workbook
from inmet_platform.inmet.readers.zip_limits import (
    LARGEST_MEMBER_BYTES,
    require_small_list,
    require_sound_sizes,
)

# A zip's own times are local times of whoever packed it, and name no zone: INMET packs in Brasília.
BRASILIA = timezone(timedelta(hours=-3))

_ENCRYPTED = 0x1
# Kinds of extra fields, and what Windows counts from.
_UNIX_TIME, _WINDOWS_TIMES = 0x5455, 0x000A
_WINDOWS_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
# OSError: offsets that point outside the file, and damaged bzip2.
_DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError)


def is_zip(head: bytes) -> bool:
    """Whether a file with these first bytes is a zip."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


@dataclass(frozen=True)
class Member:
    """One file: its name inside the zip (None for a plain file), size, time of last change.

    The zip stays open as long as one of its members exists, so its directory is read once.
    """

    path: Path
    name: str | None
    size_bytes: int
    modified_at: datetime | None
    place: Place
    source: tuple[zipfile.ZipFile, zipfile.ZipInfo] | None = None

    def read(self) -> bytes:
        """Its bytes.

        Raises:
            UnreadableFile: too large, encrypted, or damaged.
        """
        declared = f"{self.size_bytes:,} bytes"
        if self.size_bytes > LARGEST_MEMBER_BYTES:
            raise self._refusal(f"at most {LARGEST_MEMBER_BYTES:,} bytes", declared)
        data = self._unpacked(*self.source) if self.source else self.path.read_bytes()
        if len(data) != self.size_bytes:
            raise self._refusal(f"{declared}, as declared", f"{len(data):,} bytes")
        return data

    def _unpacked(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
        if entry.flag_bits & _ENCRYPTED:
            raise self._refusal("a member without a password", "an encrypted one")
        try:
            # zipfile stops at the declared size, so a member with a false size cannot fill the
            # memory; its checksum then fails.
            with archive.open(entry) as stream:
                return stream.read()
        except NotImplementedError as error:
            raise self._refusal("a member compressed with deflate", str(error)) from error
        except _DAMAGED as error:
            raise self._refusal("a sound member", f"a damaged one ({error})") from error

    def _refusal(self, expected: str, found: str) -> UnreadableFile:
        return UnreadableFile(self.place, expected=expected, found=found)


def members(path: Path, *, file: str | None = None) -> Iterator[Member]:
    """The files of an upload, in the order of the zip.

    Args:
        path: the file.
        file: the name it was sent under, for messages, when it is another.

    Raises:
        UnreadableFile: the zip holds no file or more than `zip_limits` lets in, or its directory
            cannot be read.
    """
    file = file or path.name
    with path.open("rb") as stream:
        head = stream.read(4)
    if not is_zip(head):
        yield Member(path, None, path.stat().st_size, None, Place(file))
        return
    require_small_list(path, Place(file))
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise UnreadableFile(
            Place(file), expected="a whole zip", found=f"a damaged one ({error})"
        ) from error
    require_sound_sizes(archive.infolist(), path.stat().st_size, Place(file))
    if is_workbook(archive):
        yield Member(path, None, path.stat().st_size, None, Place(file))
        return
    entries = [entry for entry in archive.infolist() if _is_file(entry)]
    if not entries:
        raise UnreadableFile(Place(file), expected="a zip with files", found="an empty zip")
    for entry in entries:
        name = entry.filename
        place = Place(file, name)
        yield Member(path, name, entry.file_size, _written_at(entry), place, (archive, entry))


def _is_file(entry: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(entry.filename).parts
    hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
    # is_dir() of zipfile breaks on a damaged entry without a name.
    return bool(parts) and not entry.filename.endswith("/") and not hidden


def _written_at(entry: zipfile.ZipInfo) -> datetime | None:
    """When a member was last changed, in UTC; None when the zip does not know."""
    instant = _instant_in(entry.extra)
    # A zip that does not know the time says 1980-01-01, or the beginning of its count.
    if instant and instant.year > 1980:
        return instant
    if entry.date_time[0] <= 1980:
        return None
    try:
        return datetime(*entry.date_time, tzinfo=BRASILIA).astimezone(UTC)
    except ValueError:  # the packed format can hold a month 15
        return None


def _instant_in(extra: bytes) -> datetime | None:
    """The time of last change as an instant, which Unix's and Windows's packers add.

    Source: APPNOTE.TXT of PKWARE, 4.5.5 (NTFS), and Info-ZIP's "extended timestamp".
    """
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNIX_TIME and len(field) >= 5 and field[0] & 1:
            return datetime.fromtimestamp(struct.unpack_from("<i", field, 1)[0], UTC)
        if kind == _WINDOWS_TIMES and len(field) >= 16:
            ticks = struct.unpack_from("<Q", field, 8)[0]  # of 100 ns
            with suppress(OverflowError):  # beyond the year 9999
                return _WINDOWS_EPOCH + timedelta(microseconds=ticks // 10)
    return None
