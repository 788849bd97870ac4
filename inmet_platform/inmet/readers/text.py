"""Bytes to text: a file that is no text is refused before anything else looks at it."""

from __future__ import annotations

import re
import unicodedata
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from functools import lru_cache
from typing import NamedTuple

from inmet_platform.errors import Place, UnreadableFile

# The first bytes of files that are not CSV, whatever their name says.
_SIGNATURES = {
    b"PK\x03\x04": "a zip",
    b"PK\x05\x06": "an empty zip",
    b"%PDF": "a PDF",
    b"\x89PNG": "a PNG image",
}

_CONTROL = bytes([*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20)])
_ASCII = bytes(range(0x80))
# What a UTF-8 text looks like whose bytes were taken for Latin-1 and encoded once more.
_TWICE = re.compile("[\u00c2\u00c3][\u0080-\u00bf\u0152-\u02dc\u2013-\u2122]")
# The letters of Portuguese, degree and square in code page 850, which DOS and old exports write.
_CP850 = frozenset("ÇçáéíóúãõâêôàÁÉÍÓÚÃÕÂÊÔÀ²°ºªü".encode("cp850"))

HEAD_BYTES = 16_384


class Text(NamedTuple):
    """A file's text as UTF-8, or as Latin-1 where nothing had to change; and what it was."""

    data: bytes
    encoding: str


def csv_text(data: bytes, place: Place) -> Text:
    """The text of a CSV in an encoding that the reader reads.

    Raises:
        UnreadableFile: an empty file, or bytes that are no CSV text.
    """
    if not (data[:HEAD_BYTES].strip() or data.strip()):
        raise UnreadableFile(place, expected="a CSV of INMET", found="an empty file")
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return _from_utf16(data, place)
    _require_text(data, place)
    encoding = detect_encoding(data)
    if encoding == "latin-1" and _is_cp850(data[:HEAD_BYTES]):
        return Text(data.decode("cp850").encode(), "cp850")
    if encoding.startswith("utf-8") and (mended := _decoded_once_more(data)):
        return Text(mended, "utf-8, encoded twice")
    return Text(data, encoding)


def _require_text(data: bytes, place: Place) -> None:
    for signature, what in _SIGNATURES.items():
        if data.startswith(signature):
            raise UnreadableFile(
                place,
                expected="CSV text",
                found=what,
                remedy="Send the CSV itself, or a zip that holds CSV files.",
            )
    head = data[:HEAD_BYTES]
    if len(head.translate(None, _CONTROL)) < len(head):
        raise UnreadableFile(place, expected="CSV text", found="binary data")
    if b"\r" in head and b"\n" not in data:
        raise UnreadableFile(
            place,
            expected="lines that end in LF or CRLF",
            found="carriage returns alone",
            remedy="Save the file again with another program.",
        )


def _from_utf16(data: bytes, place: Place) -> Text:
    try:
        text = data.decode("utf-16").encode()
    except UnicodeDecodeError as error:
        raise UnreadableFile(place, expected="UTF-16 text", found=str(error)) from error
    _require_text(text, place)
    return Text(text, "utf-16")


def _is_cp850(head: bytes) -> bool:
    """Whether all letters are of code page 850, and one of them is none in Latin-1."""
    high = set(head.translate(None, _ASCII))
    return high <= _CP850 and any(byte < 0xA0 for byte in high)


def _decoded_once_more(data: bytes) -> bytes | None:
    """The text of a file that was encoded twice; None when it was not."""
    if not _TWICE.search(data[:HEAD_BYTES].decode("utf-8", errors="ignore")):
        return None
    for taken_for in ("latin-1", "cp1252"):
        try:
            mended = data.decode("utf-8-sig").encode(taken_for)
            mended.decode("utf-8")
        except UnicodeError:
            continue
        return mended
    return None


def detect_encoding(data: bytes) -> str:
    """The encoding of the first lines: utf-8-sig, ascii, utf-8 or latin-1."""
    if data.startswith(BOM_UTF8):
        return "utf-8-sig"
    # Whole lines only: otherwise the cut could fall inside a character.
    head = data[:HEAD_BYTES].rpartition(b"\n")[0] or data
    if head.isascii():
        return "ascii"
    try:
        head.decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


@lru_cache(4_096)
def fold(text: str) -> str:
    """Lower case without accents or punctuation, so that `Máx.` becomes `max`.

    Where the file has lost an accented letter (`M?XIMA`, U+FFFD) it is left out: `mxima`.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    plain = plain.replace("?", "").replace('"', "")
    return re.sub(r"[^a-z0-9]+", " ", plain.lower()).strip()


def quoted(text: str, limit: int = 60) -> str:
    """A piece of a file for a message: printable, in quotes, shortened."""
    plain = "".join(char if char.isprintable() else " " for char in text).strip()
    return repr(plain if len(plain) <= limit else plain[: limit - 1] + "…")
