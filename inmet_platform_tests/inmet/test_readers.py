"""What a reader makes of good files and of damaged ones."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inmet_platform.inmet.portal_form import Vintage, portal_file
from inmet_platform.inmet.readers import StationHeader, read_observations
from inmet_platform.inmet.sample import sample_station_year
from inmet_platform.inmet.schema import OBSERVATION_SCHEMA, VARIABLE_NAMES
from inmet_platform_tests.files import small_portal_file, station

VINTAGES: list[Vintage] = ["2000-2018", "2019", "2020-"]
GOOD = small_portal_file()


def _table(data: bytes, file: str = "f.CSV") -> pa.Table:
    return read_observations(data, file=file).table


@pytest.mark.parametrize("vintage", VINTAGES)
def test_every_vintage_gives_the_same_table(vintage: Vintage) -> None:
    reading = read_observations(small_portal_file(vintage=vintage), file="f.CSV")
    assert reading.report.vintage == vintage
    assert reading.table.schema == OBSERVATION_SCHEMA
    assert reading.table.equals(_table(GOOD))


@given(
    values=arrays(np.int32, (6, len(VARIABLE_NAMES)), elements=st.integers(-99_999, 120_000)),
    gaps=arrays(np.bool_, (6, len(VARIABLE_NAMES))),
    vintage=st.sampled_from(VINTAGES),
)
def test_what_the_portal_writes_is_read_back_exactly(
    values: np.ndarray, gaps: np.ndarray, vintage: Vintage
) -> None:
    cells = np.where(gaps | (values == -99_990), np.nan, values / 10)
    hours = np.arange("2020-03-01T05", "2020-03-01T11", dtype="datetime64[h]")
    series = {name: cells[:, index] for index, name in enumerate(VARIABLE_NAMES)}
    table = _table(portal_file(station(), hours, series, vintage))
    read = np.column_stack([table[name].to_numpy() for name in VARIABLE_NAMES])
    np.testing.assert_array_equal(read, cells)
    np.testing.assert_array_equal(table["observed_at"].to_numpy(), hours.astype("datetime64[us]"))


def test_numbers_without_a_leading_zero_are_read() -> None:
    row = b"2020/01/01;0000 UTC;,8;884,1;;;;-,8;24,3;;;;;;;;;;;\n"
    head = b"\n".join(GOOD.split(b"\n")[:9]) + b"\n"
    table = _table(head + row)
    names = ("precipitation_mm", "temperature_c", "dew_point_c")
    assert [table[name][0].as_py() for name in names] == [0.8, -0.8, 24.3]


def test_the_metadata_block_is_the_stations_header() -> None:
    assert read_observations(GOOD, file="f.CSV").header == StationHeader(
        *("A001", "TESTE", "CO", "DF", -15.5, -47.25, 1000.0, date(2000, 5, 7))
    )


@pytest.mark.parametrize(
    ("line", "degrees"),
    [
        (b"LATITUDE:;,69416666", 0.69416666),
        (b"LATITUDE:;-,125207", -0.125207),
        (b"LATITUDE:;,03499999;;;", 0.03499999),
        (b"LATITUDE:;,5,,,,", 0.5),
        (b"LATITUDE:,-15.5,,,", -15.5),
        (b"LATITUDE: -15.5", -15.5),
    ],
)
def test_a_latitude_without_a_digit_before_its_comma_is_read(line: bytes, degrees: float) -> None:
    data = GOOD.replace(b"LATITUDE:;-15,5", line)
    header = read_observations(data, file="f.CSV").header
    assert header
    assert header.latitude_deg == degrees


def test_line_numbers_are_those_of_the_file() -> None:
    assert _table(GOOD)["line_number"].to_pylist() == list(range(10, 58))
    gap = GOOD.split(b"\n")
    gap.insert(12, b"")
    reading = read_observations(b"\n".join(gap), file="f.CSV")
    assert reading.table["line_number"].to_pylist() == [10, 11, 12, *range(14, 59)]
    assert reading.report.repairs == ("1 empty line(s) left out",)


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


def test_without_metadata_the_station_is_taken_from_the_files_name() -> None:
    bare = b"\n".join(GOOD.split(b"\n")[8:])
    report = read_observations(bare, file="INMET_CO_DF_A001_BRASILIA.CSV").report
    assert (report.station_id, report.station_source) == ("A001", "name")
    assert report.repairs == ("no metadata block: station A001 is taken from the file's name",)


def test_the_file_is_believed_rather_than_its_name() -> None:
    report = read_observations(GOOD, file="INMET_CO_DF_A002_X.CSV").report
    assert report.station_id == "A001"
    assert report.repairs == ("the name says A002, the file itself A001: the file is believed",)


def test_the_uploader_is_believed_rather_than_the_name() -> None:
    bare = b"\n".join(GOOD.split(b"\n")[8:])
    report = read_observations(bare, file="INMET_CO_DF_A001_X.CSV", station_id="A002").report
    assert (report.station_id, report.station_source) == ("A002", "uploader")
    assert report.repairs == ("the name says A001, the uploader A002: the uploader is believed",)


def test_a_members_name_is_looked_at_rather_than_the_zips() -> None:
    bare = b"\n".join(GOOD.split(b"\n")[8:])
    reading = read_observations(bare, file="A009.zip", member="2020/INMET_S_RS_A801_X.CSV")
    assert reading.report.station_id == "A801"


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


def test_the_station_tables_export_is_read_with_the_uploaders_station() -> None:
    names = (
        *("Data", "Hora (UTC)", "Temp. Ins. (C)", "Temp. Max. (C)", "Temp. Min. (C)"),
        *("Umi. Ins. (%)", "Umi. Max. (%)", "Umi. Min. (%)", "Pto Orvalho Ins. (C)"),
        *("Pto Orvalho Max. (C)", "Pto Orvalho Min. (C)", "Pressao Ins. (hPa)"),
        *("Pressao Max. (hPa)", "Pressao Min. (hPa)", "Vel. Vento (m/s)", "Dir. Vento (m/s)"),
        *("Raj. Vento (m/s)", "Radiacao (KJ/m²)", "Chuva (mm)"),
    )
    cells = ("31/12/2024", "2300", *(f"{number},5" for number in range(16)), "")
    rows = (";".join(f'"{cell}"' for cell in row) for row in (names, cells))
    data = ("\ufeff" + "\n".join(rows)).encode()
    reading = read_observations(data, file="f.csv", station_id="a807")
    row = reading.table.to_pylist()[0]
    assert (reading.report.format, reading.report.station_source) == ("react_csv", "uploader")
    assert (row["station_id"], row["observed_at"]) == ("A807", datetime(2024, 12, 31, 23))  # noqa: DTZ001
    assert (row["temperature_c"], row["humidity_min_pct"], row["wind_speed_ms"]) == (0.5, 5.5, 12.5)
    assert (row["wind_direction_deg"], row["wind_gust_ms"]) == (13.5, 14.5)
    assert (row["radiation_kj_m2"], row["precipitation_mm"]) == (15.5, None)


def test_bdmep_columns_come_in_any_order_and_number() -> None:
    data = (
        b"Nome: X\nCodigo Estacao: A801\nLatitude: -30.05\n\n"
        b"Data Medicao;Hora Medicao;TEMPERATURA DA CPU(C);UMIDADE RELATIVA DO AR, HORARIA(%);"
        b"PRECIPITACAO TOTAL, HORARIO(mm);\n2024-10-30;0000;1;55;null;\n2024-10-30;0100;1;56;.2;\n"
    )
    reading = read_observations(data, file="f.csv")
    assert reading.report.format == "bdmep_hourly"
    assert reading.table["humidity_pct"].to_pylist() == [55.0, 56.0]
    assert reading.table["precipitation_mm"].to_pylist() == [None, 0.2]
    assert reading.table["temperature_c"].null_count == 2
    assert reading.report.repairs == ("columns left out: TEMPERATURA DA CPU(C)",)


@pytest.mark.parametrize("point", [",", "."])
def test_bdmep_has_the_decimal_separator_its_requester_chose(point: str) -> None:
    rows = "".join(f"2024-10-30;{hour:02}00;null;\n" for hour in range(23))
    head = "Codigo Estacao: A801\n\nData Medicao;Hora Medicao;PRECIPITACAO TOTAL, HORARIO(mm);\n"
    data = f"{head}{rows}2024-10-30;2300;1{point}013;\n".encode()
    assert _table(data)["precipitation_mm"].to_pylist()[-1] == 1.013


def test_hours_are_utc_and_mark_the_end_of_the_hour_as_published() -> None:
    assert _table(GOOD)["observed_at"][0].as_py() == datetime(2020, 1, 1, 0)  # noqa: DTZ001


def test_the_sample_is_the_same_for_the_same_seed_and_says_what_it_is() -> None:
    first, again, other = (sample_station_year(2023, seed=seed)[1] for seed in (1, 1, 2))
    assert first == again != other
    header = read_observations(first, file="f.CSV").header
    assert header
    assert header.name == "ESTACAO SINTETICA (NAO E DADO DO INMET)"


@pytest.mark.parametrize(("year", "hours"), [(2018, 8760), (2019, 8760), (2020, 8784)])
def test_the_sample_is_plausible_weather(year: int, hours: int) -> None:
    table = _table(sample_station_year(year)[1])
    values = {name: table[name].to_numpy() for name in VARIABLE_NAMES}
    assert table.num_rows == hours
    with np.errstate(invalid="ignore"):
        assert not (values["dew_point_c"] > values["temperature_c"]).any()
        assert not (values["temperature_max_c"] < values["temperature_c"]).any()
        assert not (values["humidity_min_pct"] > values["humidity_pct"]).any()
    assert 300 < np.nansum(values["precipitation_mm"]) < 5000
    assert np.isnan(values["radiation_kj_m2"][3]), "no radiation at 03 UTC, at night"
