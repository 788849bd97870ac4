"""What a table is wrapped in: gzip, a workbook of Excel or LibreOffice, or records in JSON."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
import zlib
from codecs import BOM_UTF8
from typing import BinaryIO, NamedTuple

from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.inmet.readers.text import quoted
from inmet_platform.inmet.readers.zip_limits import (
    LARGEST_MEMBER_BYTES,
    is_list_small,
    require_sound_workbook,
)

# A station-year has 1 MB and a station's whole history 25; larger files are not read.

_GZIP = b"\x1f\x8b"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
# Entries that make a zip a workbook of Excel or of LibreOffice.
_WORKBOOK_ENTRIES = {"[Content_Types].xml", "xl/workbook.xml", "xl/workbook.bin", "content.xml"}
_WORKBOOK_S = 120
# INMET's API has 25 fields in a record.
_MOST_FIELDS = 100


class Unwrapped(NamedTuple):
    """The CSV that was inside, and what to tell of it."""

    data: bytes
    remarks: tuple[str, ...] = ()


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Whether a zip is a workbook rather than a zip of files."""
    return not _WORKBOOK_ENTRIES.isdisjoint(archive.namelist())


def holds_workbook(stream: BinaryIO) -> bool:
    """Whether a file is a zip that is a workbook; the stream is at its beginning then."""
    is_zip = stream.read(len(_ZIP)) == _ZIP
    stream.seek(0)
    if not is_zip or not is_list_small(stream):
        return False
    try:
        with zipfile.ZipFile(stream) as archive:
            return is_workbook(archive)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):  # a damaged zip is none
        return False
    finally:
        stream.seek(0)


def unwrapped(data: bytes, place: Place) -> Unwrapped:
    """The CSV inside a file, or the file itself.

    Raises:
        UnreadableFile: what is inside is damaged or too large.
    """
    if data.startswith(_GZIP):
        data = _unzipped(data, place)
    start = data[:64].removeprefix(BOM_UTF8).lstrip()[:1]
    if start in {b"[", b"{"}:
        return Unwrapped(_records(data, place))
    is_packed = holds_workbook(io.BytesIO(data))
    if is_packed:
        require_sound_workbook(data, place)
    if is_packed or data.startswith(_OLD_EXCEL):
        return _first_table(data, place)
    return Unwrapped(data)


def _unzipped(data: bytes, place: Place) -> bytes:
    """Every stream of a gzip: some programs write several, one after the other."""
    text = bytearray()
    while data.startswith(_GZIP):
        unpack = zlib.decompressobj(wbits=31)
        try:
            text += unpack.decompress(data, LARGEST_MEMBER_BYTES + 1 - len(text))
        except zlib.error as error:
            found = f"a damaged one ({error})"
            raise UnreadableFile(place, expected="a whole gzip", found=found) from error
        if len(text) > LARGEST_MEMBER_BYTES:
            expected = f"at most {LARGEST_MEMBER_BYTES:,} bytes in the gzip"
            raise UnreadableFile(place, expected=expected, found="more")
        if not unpack.eof:
            raise UnreadableFile(
                place,
                expected="a whole gzip",
                found="one that was cut off",
                remedy="The file was cut off; fetch it again.",
            )
        data = unpack.unused_data
    return bytes(text)


def _records(data: bytes, place: Place) -> bytes:
    """Records of INMET's API, a list of objects, as CSV."""
    from inmet_platform.inmet.readers.workbook import csv_of

    expected = "records of INMET's API: a list of objects in JSON"
    try:
        records = json.loads(data.removeprefix(BOM_UTF8))
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(place, expected=expected, found=quoted(str(error))) from error
    records = [records] if isinstance(records, dict) else records
    if not records or not all(isinstance(record, dict) for record in records):
        raise UnreadableFile(place, expected=expected, found="a list of something else")
    names: dict[str, None] = {}
    for record in records:
        names |= dict.fromkeys(record)
        if len(names) > _MOST_FIELDS:
            found = f"more than {_MOST_FIELDS} different fields"
            raise UnreadableFile(place, expected=expected, found=found)
    rows = ([record.get(name) for name in names] for record in records)
    return csv_of([names, *rows]).encode(errors="replace")


def _first_table(data: bytes, place: Place) -> Unwrapped:
    """The first sheet of a workbook that holds a table."""
    command = [sys.executable, "-m", "inmet_platform.inmet.readers.workbook"]
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command, input=data, capture_output=True, timeout=_WORKBOOK_S, check=True
        )
        answer = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        said = getattr(error, "stderr", b"") or b""
        last = said.decode(errors="replace").strip().rpartition("\n")[2]
        raise UnreadableFile(
            place,
            expected="an Excel or LibreOffice workbook that can be opened",
            found=f"one that cannot ({quoted(last or str(error))})",
            remedy="Save it as CSV and send that.",
        ) from error
    text = answer["csv"].encode(errors="replace")
    if len(text) > LARGEST_MEMBER_BYTES:
        expected = f"at most {LARGEST_MEMBER_BYTES:,} bytes in the sheet"
        raise UnreadableFile(place, expected=expected, found=f"{len(text):,}")
    others = ", ".join(answer["others"])
    remark = f"of the workbook only the sheet {answer['sheet']} is read, not {others}"
    return Unwrapped(text, (remark,) if others else ())
