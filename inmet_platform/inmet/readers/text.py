"""Bytes to text: a file that is no text is refused before anything else looks at it."""

from __future__ import annotations

import re
import unicodedata
from codecs import BOM_UTF8
from functools import lru_cache

from inmet_platform.errors import Place, UnreadableFile

# The first bytes of files that are not CSV, whatever their name says.
_SIGNATURES = {
    b"\x1f\x8b": "gzip data",
    b"PK\x03\x04": "a zip",
    b"PK\x05\x06": "an empty zip",
    b"%PDF": "a PDF",
    b"\x89PNG": "a PNG image",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
}

_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

HEAD_BYTES = 16_384


def require_csv_text(data: bytes, place: Place) -> None:
    """Raise `UnreadableFile` for an empty file and for bytes that are not CSV text."""
    if not (data[:HEAD_BYTES].strip() or data.strip()):
        raise UnreadableFile(place, expected="a CSV of INMET", found="an empty file")
    for signature, what in _SIGNATURES.items():
        if data.startswith(signature):
            raise UnreadableFile(
                place,
                expected="CSV text",
                found=what,
                remedy="Send the CSV itself, or a zip that holds CSV files.",
            )
    if _CONTROL.search(data[:HEAD_BYTES]):
        raise UnreadableFile(place, expected="CSV text", found="binary data")
    if b"\r" in data[:HEAD_BYTES] and b"\n" not in data:
        raise UnreadableFile(
            place,
            expected="lines that end in LF or CRLF",
            found="carriage returns alone",
            remedy="Save the file again with another program.",
        )


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
