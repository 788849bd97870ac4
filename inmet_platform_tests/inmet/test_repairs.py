"""What a reader repairs, what it only tells, and that it says so."""

from __future__ import annotations

import pyarrow as pa
import pytest

from inmet_platform.inmet.portal_form import Vintage
from inmet_platform.inmet.readers import read_observations
from inmet_platform_tests.files import small_portal_file

VINTAGES: list[Vintage] = ["2000-2018", "2019", "2020-"]
GOOD = small_portal_file()


def _table(data: bytes, file: str = "f.CSV") -> pa.Table:
    return read_observations(data, file=file).table


def _with_stray_commas(data: bytes) -> bytes:
    lines = data.split(b"\n")
    return b"\n".join([*lines[:9], *(line + b",,,," for line in lines[9:-1]), b""])


def _without_trailing_separator(data: bytes) -> bytes:
    lines = data.split(b"\n")
    return b"\n".join([*lines[:9], *(line.removesuffix(b";") for line in lines[9:])])


def _without_one_separator(data: bytes) -> bytes:
    """Of a row that has a value in its last field: without one, a lost field looks the same."""
    row = next(line for line in data.split(b"\n")[9:] if not line.endswith(b";;"))
    return data.replace(row, row.removesuffix(b";"))


def _with_doubled_rows(data: bytes) -> bytes:
    lines = data.split(b"\n")
    return b"\n".join([*lines[:9], *(line for row in lines[9:-1] for line in (row, row)), b""])


def _quoted(data: bytes) -> bytes:
    lines = data.split(b"\n")
    rows = (b";".join(b'"%s"' % cell for cell in line.split(b";")) for line in lines[9:-1])
    return b"\n".join([*lines[:9], *rows, b""])


def _with_old_header(data: bytes) -> bytes:
    old = small_portal_file(vintage="2000-2018").split(b"\n")
    return b"\n".join([*data.split(b"\n")[:8], old[8], *data.split(b"\n")[9:]])


DAMAGES = {
    "CRLF": (GOOD.replace(b"\n", b"\r\n"), ()),
    "UTF-8 with BOM": (b"\xef\xbb\xbf" + GOOD.decode("latin-1").encode(), ()),
    "lost accents": (GOOD.decode("ascii", "replace").encode(), ()),
    "no newline at the end": (GOOD.rstrip(b"\n"), ()),
    "empty lines at the end": (GOOD + b"\n\n\r\n", ()),
    "old header over new rows": (_with_old_header(GOOD), ()),
    "no separator at the end of rows": (
        _without_trailing_separator(GOOD),
        ("the separator at the end of the rows is missing",),
    ),
    "no separator at the end of one row": (
        _without_one_separator(GOOD),
        ("the separator at the end of 1 row(s) is missing",),
    ),
    "empty fields at the end of rows": (
        GOOD.replace(b";\n", b";;;\n"),
        ("stray separators at the end of 48 row(s) ignored",),
    ),
    "quoted cells": (_quoted(GOOD), ()),
    "stray commas": (
        _with_stray_commas(GOOD),
        ("stray separators at the end of 48 row(s) ignored",),
    ),
}


@pytest.mark.parametrize(("data", "repairs"), DAMAGES.values(), ids=DAMAGES)
def test_damage_is_undone_and_told(data: bytes, repairs: tuple[str, ...]) -> None:
    reading = read_observations(data, file="f.CSV")
    assert reading.table.drop_columns("line_number").equals(
        _table(GOOD).drop_columns("line_number")
    )
    assert reading.report.repairs == repairs


def test_doubled_rows_are_kept_and_told() -> None:
    report = read_observations(_with_doubled_rows(GOOD), file="f.CSV").report
    assert report.rows == 96
    assert report.repairs == ("48 row(s) repeat an hour with the same values",)


def test_an_hour_with_two_values_is_kept_and_told() -> None:
    last = GOOD.split(b"\n")[-2]
    other = last.replace(b";", b";9", 2).replace(b"9", b"", 1)
    report = read_observations(GOOD + other + b"\n", file="f.CSV").report
    assert report.rows == 49
    assert report.repairs == ("1 row(s) repeat an hour with other values",)


def test_rows_out_of_order_keep_the_files_order() -> None:
    lines = GOOD.split(b"\n")
    reading = read_observations(b"\n".join([*lines[:9], *lines[56:8:-1], b""]), file="f.CSV")
    assert reading.report.repairs == ("rows are not in the order of time",)
    assert reading.table["observed_at"].to_pylist() == _table(GOOD)["observed_at"].to_pylist()[::-1]


def test_lost_accents_in_a_stations_name_are_told() -> None:
    data = GOOD.decode("latin-1").replace(";TESTE", ";S\ufffdO").encode()
    report = read_observations(data, file="f.CSV").report
    assert report.encoding == "utf-8"
    assert report.repairs == ("the station's name lost its accents: S\ufffdO",)
