"""The rows of a file, vectorised: Arrow's CSV reader does the work.

Rows as INMET writes them go straight through. When Arrow refuses them, what people do to
files is undone once (stray separators at the end of rows, empty lines), and what is left
is located and refused: no row is dropped and no value guessed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from inmet_platform.errors import Place, UnreadableFile
from inmet_platform.inmet.readers.layout import Layout
from inmet_platform.inmet.readers.text import fold, shown

MISSING = ["", "-9999", "-9999.0", "-9999,0", "null", "NULL"]

_NUMBER = {",": r"^\s*[-+]?(\d+,?\d*|,\d+)\s*$", ".": r"^\s*[-+]?(\d+\.?\d*|\.\d+)\s*$"}


@dataclass(frozen=True)
class Rows:
    """The cells of the rows: Arrow columns by position, line numbers, and what was repaired."""

    columns: dict[int, pa.Array]
    line_numbers: np.ndarray
    repairs: tuple[str, ...] = ()


def read_rows(data: bytes, layout: Layout, place: Place) -> Rows:
    """Parse every row after the header.

    Returns:
        float64 for the variables, dictionary-encoded text for date, hour and station.

    Raises:
        UnreadableFile: the first row that cannot be read, with its line number.
    """
    body = data[layout.data_offset :]
    if not body.strip(b"; ,\r\n\t"):
        raise UnreadableFile(
            Place(place.file, place.member, layout.header_line),
            expected="hourly rows after the header",
            found="none",
        )
    _refuse_cut_end(body, layout, place)
    body = body.rstrip(b"\r\n \t") + b"\n"
    first = layout.header_line + 1
    fields = body.split(b"\n", 1)[0].count(layout.delimiter.encode()) + 1
    if fields >= _needed_fields(layout) and not _has_stray_commas(body, layout):
        try:
            table = _parse(body, layout, fields)
        except (pa.ArrowInvalid, pa.ArrowKeyError):
            pass
        else:
            numbers = np.arange(first, first + table.num_rows, dtype=np.int32)
            rows = Rows(_by_position(table, layout), numbers)
            # Arrow reads an empty line as a row without a date; the repair leaves it out.
            dates = rows.columns[layout.date_column].dictionary.to_pylist()
            if "" not in dates and _all_finite(rows, layout):
                return rows
    return _read_repaired(body, layout, place, first)


def _has_stray_commas(body: bytes, layout: Layout) -> bool:
    return layout.delimiter == ";" and (b",\n" in body or b",\r\n" in body)


def decimal_point(body: bytes, layout: Layout) -> str:
    """Comma in the portal's files; in BDMEP's what the requester chose."""
    if layout.delimiter == ",":
        return "."
    if layout.format != "bdmep_hourly":
        return ","
    sample = body[:20_000]
    return "," if sample.count(b",") > sample.count(b".") else "."


def _needed_fields(layout: Layout) -> int:
    return max(layout.variables.values()) + 1


def _wanted(layout: Layout) -> dict[int, pa.DataType]:
    text = pa.dictionary(pa.int32(), pa.string())
    wanted = {index: pa.float64() for index in layout.variables.values()}
    for index in (layout.date_column, layout.hour_column, layout.station_column):
        if index is not None:
            wanted[index] = text
    return wanted


def _parse(body: bytes, layout: Layout, fields: int) -> pa.Table:
    names = [str(index) for index in range(fields)]
    wanted = _wanted(layout)
    return pa_csv.read_csv(
        pa.BufferReader(body),
        pa_csv.ReadOptions(column_names=names, use_threads=False, block_size=max(len(body), 1)),
        # An empty line must stay a row here, or every line number after it is wrong.
        pa_csv.ParseOptions(delimiter=layout.delimiter, ignore_empty_lines=False),
        pa_csv.ConvertOptions(
            column_types={str(index): kind for index, kind in wanted.items()},
            include_columns=[str(index) for index in wanted],
            null_values=MISSING,
            decimal_point=decimal_point(body, layout),
        ),
    )


def _by_position(table: pa.Table, layout: Layout) -> dict[int, pa.Array]:
    return {index: table[str(index)].combine_chunks() for index in _wanted(layout)}


def _all_finite(rows: Rows, layout: Layout) -> bool:
    # Arrow reads `nan` and `inf` as numbers; no station measures them.
    return all(
        pc.all(pc.is_finite(rows.columns[index]), min_count=0).as_py() is not False
        for index in layout.variables.values()
    )


def _refuse_cut_end(body: bytes, layout: Layout, place: Place) -> None:
    """A last line without newline that is shorter than the others was cut off in transit."""
    if body.endswith(b"\n"):
        return
    delimiter = layout.delimiter.encode()
    before, _, last = body.rpartition(b"\n")
    usual = before.split(b"\n", 1)[0].rstrip(b"\r,").count(delimiter)
    found = last.count(delimiter)
    if before and last.strip() and found < usual:
        raise UnreadableFile(
            Place(place.file, place.member, layout.header_line + 1 + body.count(b"\n")),
            expected=f"a last line of {usual + 1} fields like the others",
            found=f"one cut off after {found + 1}: {shown(last.decode('latin-1'))}",
            remedy="The file was cut off; fetch it again.",
        )


def _read_repaired(body: bytes, layout: Layout, place: Place, first: int) -> Rows:
    text = pa.array([body.decode("utf-8", errors="replace")])
    lines = pc.utf8_rtrim(pc.split_pattern(text, "\n").values, "\r \t")
    numbers = np.arange(first, first + len(lines), dtype=np.int32)
    filled = pc.not_equal(pc.utf8_trim(lines, ";, "), "")
    empty = len(lines) - pc.sum(filled).as_py() - int(body.endswith(b"\n"))
    lines, numbers = lines.filter(filled), numbers[filled.to_numpy(zero_copy_only=False)]
    lines, cut = _without_stray_separators(lines, numbers, layout, place)
    repaired = "\n".join(lines.to_pylist()).encode() + b"\n"
    fields = pc.count_substring(lines[:1], layout.delimiter)[0].as_py() + 1
    try:
        table = _parse(repaired, layout, fields)
    except (pa.ArrowInvalid, pa.ArrowKeyError):
        raise _first_bad_cell(lines, numbers, layout, place) from None
    rows = Rows(_by_position(table, layout), numbers, _sentences(empty, cut))
    if not _all_finite(rows, layout):
        raise _first_bad_cell(lines, numbers, layout, place)
    return rows


def _sentences(empty: int, cut: int) -> tuple[str, ...]:
    sentences = []
    if empty > 0:
        sentences.append(f"{empty} empty line(s) left out")
    if cut:
        sentences.append(f"stray separators at the end of {cut} row(s) ignored")
    return tuple(sentences)


def _without_stray_separators(
    lines: pa.Array, numbers: np.ndarray, layout: Layout, place: Place
) -> tuple[pa.Array, int]:
    """Every row with just its fields; how many had stray separators."""
    needed = len(layout.columns) - (layout.columns[-1].strip(" ;,") == "")
    cell = f"[^{layout.delimiter}]*" if layout.delimiter == ";" else f'[^{layout.delimiter}"]*'
    row = rf"^((?:{cell}{layout.delimiter}){{{needed - 1}}}{cell}?)[;,\s]*$"
    fits = pc.match_substring_regex(lines, row)
    if not pc.all(fits).as_py():
        index = pc.index(fits, False).as_py()
        raise _wrong_fields(lines[index].as_py(), int(numbers[index]), needed, layout, place)
    clean = pc.replace_substring_regex(lines, row, r"\1")
    # One separator at the end is the portal's own form.
    own = pc.binary_join_element_wise(clean, pa.scalar(""), layout.delimiter)
    usual = pc.or_(pc.equal(lines, clean), pc.equal(lines, own))
    return clean, len(lines) - pc.sum(usual).as_py()


def _wrong_fields(
    line: str, number: int, needed: int, layout: Layout, place: Place
) -> UnreadableFile:
    where = Place(place.file, place.member, number)
    label = line.partition(":")[0]
    if ":" in line and fold(label).startswith(("regi", "uf", "codigo", "estac", "nome")):
        return UnreadableFile(
            where,
            expected="an hourly row",
            found=f"a second metadata block: {shown(line)}",
            remedy="One file holds one station; send the two files apart, or in a zip.",
        )
    count = line.rstrip(";, ").count(layout.delimiter) + 1
    return UnreadableFile(where, expected=f"{needed} fields", found=f"{count}: {shown(line)}")


def _first_bad_cell(
    lines: pa.Array, numbers: np.ndarray, layout: Layout, place: Place
) -> UnreadableFile:
    """The first cell, by line, that is no number where a number belongs."""
    cells = pc.split_pattern(lines, layout.delimiter)
    pattern = _NUMBER[decimal_point("\n".join(lines[:200].to_pylist()).encode(), layout)]
    worst: tuple[int, str, str] | None = None
    for variable, index in layout.variables.items():
        texts = pc.utf8_trim(pc.list_element(cells, index), ' "')
        good = pc.or_(pc.match_substring_regex(texts, pattern), pc.is_in(texts, pa.array(MISSING)))
        at = pc.index(good, False).as_py()
        if at >= 0 and (worst is None or at < worst[0]):
            worst = (at, variable, texts[at].as_py())
    if worst is None:
        return UnreadableFile(
            Place(place.file, place.member, int(numbers[0])),
            expected=f"rows of {len(layout.columns)} fields",
            found="rows that cannot be split so",
        )
    at, variable, text = worst
    return UnreadableFile(
        Place(place.file, place.member, int(numbers[at])),
        expected=f"a number for {variable}",
        found=shown(text),
    )
