"""The files inside an upload: a plain file is one, a zip has many, read one at a time."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from inmet_platform.errors import Place, UnreadableFile

# A station-year is 1 MB and a station's whole history 25; what claims more is not read.
LARGEST_MEMBER_BYTES = 64_000_000


def is_zip(head: bytes) -> bool:
    """Whether a file that begins so is a zip."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


@dataclass(frozen=True)
class Member:
    """One file: its name inside the zip (None for a plain file), size, time of writing."""

    path: Path
    name: str | None
    size_bytes: int
    modified_at: datetime | None

    def read(self) -> bytes:
        """Its bytes.

        Raises:
            UnreadableFile: too large, encrypted, or damaged.
        """
        place = Place(self.path.name, self.name)
        if self.size_bytes > LARGEST_MEMBER_BYTES:
            raise UnreadableFile(
                place,
                expected=f"at most {LARGEST_MEMBER_BYTES:,} bytes",
                found=f"{self.size_bytes:,} bytes",
            )
        if self.name is None:
            return self.path.read_bytes()
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(self.name) as stream:
                # One byte more than declared: a member that lies about its size ends here.
                data = stream.read(self.size_bytes + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise UnreadableFile(place, expected="a sound member", found=str(error)) from error
        except (RuntimeError, NotImplementedError) as error:  # how zipfile tells of encryption
            raise UnreadableFile(
                place, expected="a member without a password", found=str(error)
            ) from error
        return data


def members(path: Path) -> Iterator[Member]:
    """The files of an upload, in the order of the zip.

    Raises:
        UnreadableFile: a zip whose directory cannot be read, or that holds no file.
    """
    with path.open("rb") as stream:
        head = stream.read(4)
    if not is_zip(head):
        yield Member(path, None, path.stat().st_size, None)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if _is_file(entry)]
    except zipfile.BadZipFile as error:
        raise UnreadableFile(
            Place(path.name), expected="a whole zip", found=f"a damaged one ({error})"
        ) from error
    if not entries:
        raise UnreadableFile(Place(path.name), expected="a zip with files", found="an empty zip")
    for entry in entries:
        yield Member(path, entry.filename, entry.file_size, _written_at(entry))


def _is_file(entry: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(entry.filename).parts
    hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
    return not entry.is_dir() and not hidden


def _written_at(entry: zipfile.ZipInfo) -> datetime | None:
    # 1980-01-01 is what a zip says that does not know.
    if entry.date_time[0] <= 1980:
        return None
    return datetime(*entry.date_time)  # noqa: DTZ001 - a zip knows no time zone
