"""What a file leaves open is refused with its line; what people do every day is read."""

from __future__ import annotations

import gzip
import io
import json
import random
import zipfile

import openpyxl
import pytest

from inmet_platform.errors import UnreadableFile
from inmet_platform.inmet.readers import read_stations
from inmet_platform_tests.files import small_portal_file

GOOD = small_portal_file()
TEMPERATURE = "data;hora;temperatura"


def _hours(*lines: str, head: str = "data;hora;chuva") -> bytes:
    return ("\n".join([head, *lines]) + "\n").encode()


def _read(data: bytes) -> list[str]:
    """The hours of a file of one station."""
    [reading] = read_stations(data, file="A001.csv")
    return [f"{hour:%Y-%m-%dT%H}" for hour in reading.table["observed_at"].to_pylist()]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            _hours("2020-01-01;0000;0", head="Data (UTC-3);Hora UTC;chuva"),
            "another zone than that of the date",
        ),
        (
            _hours("01/02/2020;1000;0", "01/04/2020;1100;0", "01/06/2020;0900;0"),
            "expected dates whose day and month can be told apart",
        ),
        (
            _hours(*(f"2024-0{month}-01;{hour:02}00;0" for month in (5, 6) for hour in range(24))),
            "expected dates whose day and month can be told apart",
        ),
        (
            _hours(*(f"2020-01-01;0{n}00;0,5" for n in range(8)), head="data;hora;umidade"),
            "expected humidity_pct in %; found at most 0.5: a fraction",
        ),
        (
            _hours("2020-01-01;1500;850,5", head="data;hora;radiacao (W/m²)"),
            "which can be either",
        ),
        (
            _hours("2018-12-31 21:00,America/Sao_Paulo,1.0", head="datetime,timezone,chuva"),
            "expected hours in UTC; found 'America/Sao_Paulo'",
        ),
        (
            b"# Fonte: INMET, horario local de Brasilia\n"
            + _hours("2018-12-31 21:00,1.0", head="dt,chuva"),
            "a local time, which knew summer times until 2019",
        ),
        (
            _hours(*(f"2019-01-0{day} 00:00,0.05" for day in range(1, 8)), head="datetime,chuva"),
            "found rows that all stand 24 hours apart: means or sums of longer times",
        ),
        (
            _hours("2019-02-01,13,0", "2019-03-01,20,0", "2019-01-13,5,0", head="data,hora,chuva"),
            "expected dates whose day and month can be told apart",
        ),
        (
            _hours("x,1", head="quando,chuva"),
            "where no column is known as a date, an hour or a time",
        ),
        (json.dumps([1, 2]).encode(), "found a list of something else"),
        (b"[" * 200_000, "expected records of INMET's API"),
        (json.dumps([{str(n): 1} for n in range(3000)]).encode(), "more than 100 different fields"),
        (_hours("2020-01-01 00:30+05:30;0", head="timestamp;chuva"), "expected a full hour"),
        (
            _hours("2020-01-01 00:00-03:00,0", "2020-01-01 01:00-03:30,0", head="dt,chuva"),
            "line 3: expected full hours in UTC; found 'a zone of -210 minutes'",
        ),
    ],
)
def test_what_cannot_be_decided_is_refused(data: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read_stations(data, file="A001.csv")
    assert sentence in str(refusal.value)


def test_rows_in_any_order_are_read() -> None:
    lines = GOOD.split(b"\n")
    rows = lines[9:-1]
    random.Random(3).shuffle(rows)
    shuffled = _read(b"\n".join([*lines[:9], *rows, b""]))
    assert sorted(shuffled) == _read(GOOD)


def test_iso_dates_of_a_few_rows_are_believed() -> None:
    assert _read(_hours("2024-01-05;1000;0", "2024-03-05;1100;0")) == [
        "2024-01-05T10",
        "2024-03-05T11",
    ]


@pytest.mark.parametrize("days", [("02/01",), ("02/01", "03/01")])
def test_days_that_could_be_months_are_told(days: tuple[str, ...]) -> None:
    data = _hours(*(f"{day}/2024;{hour:02}00;0" for day in days for hour in range(24)))
    [reading] = read_stations(data, file="A001.csv")
    told = "dates such as 02/01/2024 are read with day before month"
    assert told in reading.report.repairs


def test_a_few_values_beside_what_can_be_are_told() -> None:
    data = _hours(
        *(f"2020-01-0{1 + n // 24};{n % 24:02}00;20" for n in range(48)), head=TEMPERATURE
    )
    [reading] = read_stations(data.replace(b"0500;20\n", b"0500;9999\n", 1), file="A001.csv")
    assert "1 value(s) of temperature_c outside -90 to 60" in reading.report.repairs


@pytest.mark.parametrize(
    "data",
    [
        _hours("2020-01-01 05:00;2020-01-01;0", head="data_hora;data;chuva"),
        _hours("2020-01-01 05:00:00;0", head="data;chuva"),
        _hours("2020-01-01T05:00Z;0", head="timestamp;chuva"),
        _hours("2019-12-31;2020-01-01;0500;0", head="Data;Data UTC;Hora UTC;chuva"),
        _hours("01.01.2020;5h;0,2", head="data;hora;chuva"),
        _hours("20200101;0500UTC;0"),
    ],
)
def test_dates_and_hours_are_found_where_they_are(data: bytes) -> None:
    assert _read(data) == ["2020-01-01T05"]


def test_each_stream_of_a_gzip_is_read() -> None:
    lines = GOOD.split(b"\n")
    first, second = b"\n".join(lines[:30]) + b"\n", b"\n".join(lines[30:])
    assert _read(gzip.compress(first) + gzip.compress(second)) == _read(GOOD)


def test_the_sheet_with_the_table_is_read_and_the_others_are_told() -> None:
    book = openpyxl.Workbook()
    assert book.active
    book.active.title = "Leia-me"
    book.active.append(["Dados do INMET"])
    for name, hour in (("janeiro", 5), ("fevereiro", 6)):
        sheet = book.create_sheet(name)
        sheet.append(["data", "hora", "chuva"])
        sheet.append(["2020-01-01", hour, 0.2])
    written = io.BytesIO()
    book.save(written)
    [reading] = read_stations(written.getvalue(), file="A001.xlsx")
    assert f"{reading.report.first_hour:%H}" == "05"
    told = "of the workbook only the sheet janeiro is read, not fevereiro"
    assert told in reading.report.repairs


def test_a_workbook_that_claims_terabytes_is_refused_and_hurts_nobody() -> None:
    book = openpyxl.Workbook()
    assert book.active
    book.active["A1"], book.active["XFD1048576"] = 1, 1
    written = io.BytesIO()
    book.save(written)
    with pytest.raises(UnreadableFile, match="workbook that can be opened"):
        read_stations(written.getvalue(), file="A001.xlsx")


def test_a_zip_that_is_no_workbook_is_no_workbook() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("a.csv", GOOD)
    with pytest.raises(UnreadableFile, match="found a zip"):
        read_stations(written.getvalue(), file="A001.zip")
