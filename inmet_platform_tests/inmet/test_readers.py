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
from inmet_platform.inmet.schema import OBSERVATION_SCHEMA, VARIABLE_NAMES
from inmet_platform_tests.files import small_portal_file, station

VINTAGES: list[Vintage] = ["2000-2018", "2019", "2020-"]
GOOD = small_portal_file()
BOUNDS = {
    name: next(
        bounds
        for start, bounds in {
            **{"precip": (0, 400), "pressure": (500, 1100), "radiation": (-100, 6000)},
            **{"temperature": (-60, 60), "dew_point": (-60, 60), "humidity": (0, 100)},
            **{"wind_direction": (0, 360), "wind": (0, 75)},
        }.items()
        if name.startswith(start)
    )
    for name in VARIABLE_NAMES
}


def _table(data: bytes, file: str = "f.CSV") -> pa.Table:
    return read_observations(data, file=file).table


@pytest.mark.parametrize("vintage", VINTAGES)
def test_every_vintage_gives_the_same_table(vintage: Vintage) -> None:
    reading = read_observations(small_portal_file(vintage=vintage), file="f.CSV")
    assert reading.report.vintage == vintage
    assert reading.table.schema == OBSERVATION_SCHEMA
    assert reading.table.equals(_table(GOOD))


@given(
    values=arrays(float, (5, len(VARIABLE_NAMES)), elements=st.floats(0, 1)),
    gaps=arrays(np.bool_, (5, len(VARIABLE_NAMES))),
    vintage=st.sampled_from(VINTAGES),
)
def test_what_the_portal_writes_is_read_back_exactly(
    values: np.ndarray, gaps: np.ndarray, vintage: Vintage
) -> None:
    # Values that a station can measure, since others are taken for those of another column.
    lowest, highest = np.array([BOUNDS[name] for name in VARIABLE_NAMES]).T
    cells = np.where(gaps, np.nan, np.round(lowest + values * (highest - lowest), 1))
    cells[:, VARIABLE_NAMES.index("wind_direction_deg")] //= 1
    hours = np.arange("2020-03-01T05", "2020-03-01T10", dtype="datetime64[h]")
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


def test_the_station_tables_export_is_read_with_the_uploaders_station() -> None:
    names = (
        *("Data", "Hora (UTC)", "Temp. Ins. (C)", "Temp. Max. (C)", "Temp. Min. (C)"),
        *("Umi. Ins. (%)", "Umi. Max. (%)", "Umi. Min. (%)", "Pto Orvalho Ins. (C)"),
        *("Pto Orvalho Max. (C)", "Pto Orvalho Min. (C)", "Pressao Ins. (hPa)"),
        *("Pressao Max. (hPa)", "Pressao Min. (hPa)", "Vel. Vento (m/s)", "Dir. Vento (m/s)"),
        *("Raj. Vento (m/s)", "Radiacao (KJ/m²)", "Chuva (mm)"),
    )
    numbers = (*range(9), 900, 901, 899, 12, 13, 14, 15)
    cells = ("31/12/2024", "2300", *(f"{number},0" for number in numbers), "")
    rows = (";".join(f'"{cell}"' for cell in row) for row in (names, cells))
    data = ("\ufeff" + "\n".join(rows)).encode()
    reading = read_observations(data, file="f.csv", station_id="a807")
    row = reading.table.to_pylist()[0]
    assert (reading.report.format, reading.report.station_source) == ("react_csv", "uploader")
    assert (row["station_id"], row["observed_at"]) == ("A807", datetime(2024, 12, 31, 23))  # noqa: DTZ001
    assert (row["temperature_c"], row["humidity_min_pct"], row["wind_speed_ms"]) == (0, 5, 12)
    assert (row["wind_direction_deg"], row["wind_gust_ms"]) == (13, 14)
    assert (row["radiation_kj_m2"], row["precipitation_mm"]) == (15, None)


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
