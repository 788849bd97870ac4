"""Finds the header line of a file, and how the file separates its fields."""

from __future__ import annotations

import csv
from codecs import BOM_UTF8

from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.inmet.readers.layout import OF_DAYS, Layout, is_catalogue
from inmet_platform.inmet.readers.names import meaning
from inmet_platform.inmet.readers.text import HEAD_BYTES, fold, quoted

DELIMITERS = (";", "\t", "|", ",")
# The header must be among the first lines; in a file of BDMEP it is the eleventh.
_HEADER_WITHIN = 20
# The widest file of BDMEP has 22 columns; a file with hundreds is something else.
_MOST_COLUMNS = 100


def detect_layout(data: bytes, encoding: str, place: Place, lines_before: int = 0) -> Layout:
    """Recognise the form of a text.

    Args:
        data: the text, in UTF-8 or Latin-1.
        encoding: what `csv_text` says of it.
        place: for messages.
        lines_before: of the same file, when `data` is a later part of it.

    Raises:
        UnreadableFile: none of the first lines is a header of INMET.
    """
    text_encoding = "latin-1" if encoding == "latin-1" else "utf-8"
    body = data.removeprefix(BOM_UTF8)
    offset = len(data) - len(body)
    metadata: list[str] = []
    head = body[: HEAD_BYTES * 4].split(b"\n", _HEADER_WITHIN + 1)
    texts = [line.decode(text_encoding, errors="replace").rstrip("\r") for line in head]
    for number, text in enumerate(texts[:_HEADER_WITHIN], start=1):
        offset += len(head[number - 1]) + 1
        delimiter = _delimiter(text)
        columns = _cells(text, delimiter)
        if _is_header(columns):
            start = min(offset, len(data))
            first_row = _cells(texts[number], delimiter) if number < len(texts) else []
            line = lines_before + number
            return Layout(encoding, delimiter, line, start, metadata, columns, first_row)
        metadata.append(text)
    raise UnreadableFile(
        place.at(lines_before + 1),
        expected="a file of INMET with a header line that begins with Data and Hora",
        found=_what_was_found(metadata),
    )


def _what_was_found(lines: list[str]) -> str:
    """The line that comes nearest to a header, and what it lacks; else the first line."""
    for line in lines:
        known = [meaning(name) for name in _cells(line, _delimiter(line))]
        roles = {it.role for it in known if it}
        if "variable" in roles:
            return f"{quoted(line)}, where no column is known as a date, an hour or a time"
        if roles & {"date", "timestamp"} and len(known) > 1 and ":" not in line:
            return f"{quoted(line)}, where no column is known as a variable of the hour"
    return quoted(lines[0])


def _delimiter(line: str) -> str:
    """The first of the delimiters that stands twice in a line; a comma also stands in names."""
    twice = (it for it in DELIMITERS[:-1] if line.count(it) >= 2)
    once = (it for it in DELIMITERS[:-1] if it in line and "," not in line)
    return next(twice, None) or next(once, ",")


def _cells(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line.replace("\r", " ")], delimiter=delimiter), [])


def _is_header(columns: list[str]) -> bool:
    if not 3 <= len(columns) <= _MOST_COLUMNS and not _is_pair(columns):
        return False
    if is_catalogue([fold(name) for name in columns]):
        return True
    # A metadata line `DATA DE FUNDACAO:;…` names a date, too, but ends in a colon.
    known = [meaning(name) for name in columns if not name.rstrip().endswith(":")]
    roles = {it.role for it in known if it}
    dated = "date" in roles or "timestamp" in roles or {"year", "month", "day"} <= roles
    return dated and ("variable" in roles or any(OF_DAYS.search(fold(name)) for name in columns))


def _is_pair(columns: list[str]) -> bool:
    """A timestamp and one variable; people call its column a date, too."""
    if len(columns) != 2 or columns[0].rstrip().endswith(":"):
        return False
    roles = [it.role if it else None for it in map(meaning, columns)]
    return roles in (["timestamp", "variable"], ["date", "variable"])
