"""Rows that are not as INMET writes them: certain damage is repaired, the rest is refused.

Repaired are stray separators and commas at the end of rows, a missing separator there, empty
lines, and the ways in which people's programs write a missing value. Anything else is refused with
its line, what was expected and what was found. Only files that rows.py could not parse come here,
so it may be slower.
"""

from __future__ import annotations

from collections import Counter
from operator import itemgetter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.inmet.readers.layout import Layout
from inmet_platform.inmet.readers.rows import Rows, decimal_point, key_types, one_chunk, parse
from inmet_platform.inmet.readers.text import fold, quoted

# A cell without a value as INMET writes it, folded to lower case without spaces around it.
USUAL = ("", "-9999", "null")
# As Excel, LibreOffice, R, pandas, Google Sheets and INMET's other tables write one.
UNUSUAL = (
    *("-9999.0", "-9999,0", "-9999.00", "-9999,00", "-999.9", "-999,9", "-999", "-999.0", "-999,0"),
    *("na", "n/a", "#n/a", "#n/d", "n/d", "nd", "nan", "none", "nil", "<na>", "nat"),
    *("-", "--", "---", "/", "//", "///", "////", "/////", "*", "#valor!", "#value!"),
)
_SPACES = " \t\u00a0"

_EXPONENT = r"([eE][-+]?\d{1,2})?"
_NUMBER = {
    point: rf"^[-+]?(\d{{1,9}}[{point}]?\d{{0,30}}|[{point}]\d{{1,30}}){_EXPONENT}$"
    for point in ",."
}


def require_whole_last_line(data: bytes, layout: Layout, place: Place) -> None:
    """Refuse a last line without newline and with too few fields: the file was cut off."""
    if data.endswith(b"\n"):
        return
    body = data[layout.data_offset :]
    delimiter = layout.delimiter.encode()
    before, _, last = body.rpartition(b"\n")
    usual = before.split(b"\n", 1)[0].rstrip(b"\r,").count(delimiter)
    found = last.count(delimiter)
    if before and last.strip() and found < usual:
        raise UnreadableFile(
            place.at(layout.header_line + 1 + body.count(b"\n")),
            expected=f"a last line of {usual + 1} fields like the others",
            found=f"one cut off after {found + 1}: {quoted(last.decode('latin-1'))}",
            remedy="The file was cut off; fetch it again.",
        )


def repaired_rows(data: bytes, layout: Layout, place: Place) -> Rows:
    """The rows after the repair, like `parse_rows`.

    Raises:
        UnreadableFile: a row cannot be read; it names the first one's line.
    """
    lines, numbers, empty = _filled_lines(data, layout)
    clean = _bare_rows(lines, numbers, layout, place)
    body = pa.py_buffer("\n".join(clean.to_pylist()).encode() + b"\n")
    texts = dict.fromkeys(layout.variables.values(), pa.string())
    try:
        table = parse(body, layout, layout.width, texts | key_types(layout))
    except pa.ArrowInvalid:
        unsplit = f"rows of {layout.width} fields"
        raise UnreadableFile(
            place.at(numbers[0]), expected=unsplit, found="rows that cannot be split so"
        ) from None
    columns = {int(name): one_chunk(table[name]) for name in table.column_names}
    point, spelled = decimal_point(body, layout), Counter[str]()
    bad: list[tuple[int, str, str]] = []
    for variable, index in layout.variables.items():
        columns[index] = _numbers(columns[index], point, variable, spelled, bad)
    if bad:
        at, expected, found = min(bad, key=itemgetter(0))
        raise UnreadableFile(place.at(numbers[at]), expected=expected, found=found)
    repairs = (*_sentences(lines, clean, empty, layout), *_of_missing(spelled))
    return Rows(columns, numbers, repairs)


def _numbers(
    cells: pa.Array,
    point: str,
    variable: str,
    spelled: Counter[str],
    bad: list[tuple[int, str, str]],
) -> pa.Array:
    """A column's cells as float64; a cell that is no number is told in `bad`."""
    trimmed = pc.utf8_trim(pc.coalesce(cells, pa.scalar("")), _SPACES)
    lower = pc.utf8_lower(trimmed)
    unusual = pc.is_in(lower, pa.array(UNUSUAL))
    spelled.update(trimmed.filter(unusual).to_pylist())
    missing = pc.or_(unusual, pc.is_in(lower, pa.array(USUAL)))
    good = pc.or_(missing, pc.match_substring_regex(trimmed, _NUMBER[point]))
    values = pc.if_else(missing, pa.scalar(None, pa.string()), trimmed)
    at = pc.index(good, False).as_py()
    if at < 0:
        if point == ",":
            values = pc.replace_substring(values, ",", ".")
        numbers = pc.cast(values, pa.float64())
        at = pc.index(pc.is_finite(numbers), False).as_py()
        if at < 0:
            return numbers
    bad.append((at, f"a number for {variable}", quoted(trimmed[at].as_py())))
    return pa.nulls(len(cells), pa.float64())


def _of_missing(spelled: Counter[str]) -> list[str]:
    if not spelled:
        return []
    each = ", ".join(f"{quoted(text)} in {count:,} cell(s)" for text, count in spelled.items())
    return [f"missing values written in another way: {each}"]


def _filled_lines(data: bytes, layout: Layout) -> tuple[pa.Array, np.ndarray, int]:
    """The lines that hold anything, their numbers, and how many empty ones were left out."""
    text = data[layout.data_offset :].rstrip(b"\r\n \t").decode("utf-8", errors="replace")
    lines = pc.utf8_rtrim(pc.split_pattern(pa.array([text]), "\n").values, "\r ")
    first = layout.header_line + 1
    numbers = np.arange(first, first + len(lines), dtype=np.int32)
    filled = pc.not_equal(pc.utf8_trim(lines, ";, \t|"), "")
    empty = len(lines) - pc.sum(filled).as_py()
    return lines.filter(filled), numbers[filled.to_numpy(zero_copy_only=False)], empty


def _bare_rows(lines: pa.Array, numbers: np.ndarray, layout: Layout, place: Place) -> pa.Array:
    """Every row with only its fields, without the separators that follow them."""
    quoted, open_cell = '"[^"\r]*"', f'[^"\r{layout.delimiter}]*'
    fields = f"(?:(?:{quoted}|{open_cell})[{layout.delimiter}]){{{layout.width - 1}}}"
    row = rf"^({fields}(?:{quoted}|{open_cell}?))[;,|\s]*$"
    bad = pc.or_(pc.invert(pc.match_substring_regex(lines, row)), _lost_field(lines, layout))
    index = pc.index(bad, True).as_py()
    if index >= 0:
        raise _bad_row(lines[index].as_py(), int(numbers[index]), layout, place)
    return pc.replace_substring_regex(lines, row, r"\1")


def _lost_field(lines: pa.Array, layout: Layout) -> pa.Array:
    """Which rows lost a field, so that their trailing separator looks like an empty last field.

    The other rows decide: if they have a separator after their last field, or a value in it, an
    empty last field is right; otherwise all values of the row have moved to the left.
    """
    if not layout.ends_in_separator:
        return pa.repeat(pa.scalar(False), len(lines))
    rows = pc.utf8_rtrim(lines, ", ")
    short = pc.equal(pc.count_substring(rows, layout.delimiter), layout.width - 1)
    suspect = pc.and_(short, pc.ends_with(rows, layout.delimiter))
    holds_values = pc.match_substring_regex(rows, r"^[^;,]*[;,][^;,]*[;,].*[^;,\s]")
    if pc.all(short).as_py() and not pc.all(pc.or_(suspect, pc.invert(holds_values))).as_py():
        return pa.repeat(pa.scalar(False), len(lines))
    return pc.and_(suspect, holds_values)


def _bad_row(line: str, number: int, layout: Layout, place: Place) -> UnreadableFile:
    where = place.at(number)
    label = fold(line.partition(":")[0])
    if ":" in line and label.startswith(("regi", "uf", "codigo", "estac", "nome")):
        return UnreadableFile(
            where,
            expected=f"a row of {layout.width} fields",
            found=f"a second metadata block: {quoted(line)}",
            remedy="One file holds one station; send the two files apart, or in a zip.",
        )
    expected = f"{layout.width} fields"
    if line.count('"') % 2:
        return UnreadableFile(where, expected=expected, found=f"an open quote: {quoted(line)}")
    if "\r" in line:
        return UnreadableFile(where, expected=expected, found="a carriage return inside the row")
    count = line.rstrip(", ").removesuffix(layout.delimiter).count(layout.delimiter) + 1
    if count > layout.width:
        count = line.rstrip(";, ").count(layout.delimiter) + 1
    return UnreadableFile(where, expected=expected, found=f"{count}: {quoted(line)}")


def _sentences(lines: pa.Array, clean: pa.Array, empty: int, layout: Layout) -> tuple[str, ...]:
    sentences = []
    if empty:
        sentences.append(f"{empty} empty line(s) left out")
    # The portal itself writes one separator at the end.
    own = pc.binary_join_element_wise(clean, pa.scalar(""), layout.delimiter)
    bare = pc.equal(lines, clean)
    strays = len(lines) - pc.sum(pc.or_(bare, pc.equal(lines, own))).as_py()
    if strays:
        sentences.append(f"stray separators at the end of {strays} row(s) ignored")
    missing = pc.sum(bare).as_py()
    if missing and layout.ends_in_separator:
        sentences.append(f"the separator at the end of {missing} row(s) is missing")
    return tuple(sentences)
