"""What people sent in truth: each file of `shared/inmet/cases` is read right, or refused."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pytest

from inmet_platform.errors import UnreadableFile
from inmet_platform.inmet.readers import Reading, inspect_file, read_observations, read_stations
from inmet_platform.inmet.schema import VARIABLE_NAMES
from inmet_platform_tests.files import A001_2020
from inmet_platform_tests.needs import SHARED, needs_inmet_files

pytestmark = needs_inmet_files

CASES = SHARED / "cases"
# Files whose values are those of the portal's A001 of 2020.
AS_THE_PORTAL = (
    *("r1_pandas_quoted_decimal_comma_A001.csv", "r2_semicolon_decimal_point_A001.csv"),
    *("r3_excel_hour_0_00_A001.csv", "r4_R_write_csv_A001.csv", "r4_pandas_index_A001.csv"),
    *("r5_basedosdados_ano_mes_first.csv", "r5_kaggle_station_code.csv", "r8_blank_cells_A001.csv"),
    *("s1_hora_local_and_utc_A001.csv", "s2_us_dates_jan_1_to_12_A001.csv"),
    *("s6_coords_without_comma_A001.csv", "w1_api_table_A001.csv"),
    "w1_timestamp_column_A001.csv",
)
REMARKS = {
    "r4_R_write_csv_A001.csv": "'NA' in 16 cell(s)",
    "s1_hour_utc_minus3_A001.csv": "hours of UTC-3 shifted to UTC",
    "s1_hora_local_and_utc_A001.csv": "columns left out: Hora Local",
    "s2_us_dates_jan_1_to_12_A001.csv": "month before day",
    "s2_react_us_dates_A001.csv": "month before day",
    "s3_radiation_minus9999_00_A001.csv": "'-9999,00' in 44 cell(s)",
    "s4_unit_kmh_A001.csv": "wind_speed_ms: converted from km/h",
    "s5_bdmep_wetbulb.csv": "columns left out: TEMPERATURA DO AR - BULBO UMIDO",
    "s6_coords_without_comma_A001.csv": "no station of Brazil is there; left out",
}
REFUSALS = {
    "s7_two_cities_one_station_A001.csv": "line 98: expected one station a file, 'BRASILIA'",
    "w1_excel_A001.xlsx": "expected an Excel or LibreOffice workbook that can be opened",
}


def _read(name: str, station_id: str | None = None) -> list[Reading]:
    return read_stations((CASES / name).read_bytes(), file=name, station_id=station_id)


def _values(reading: Reading) -> np.ndarray:
    return np.column_stack([reading.table[name].to_numpy() for name in VARIABLE_NAMES])


def _portals(reading: Reading) -> np.ndarray:
    """The same hours of the portal's file."""
    truth = read_observations(A001_2020.read_bytes(), file=A001_2020.name)
    hours = reading.table["observed_at"].combine_chunks()
    return _values(truth)[pc.index_in(hours, truth.table["observed_at"]).to_numpy()]


def test_every_case_of_the_table_is_looked_at() -> None:
    with (CASES / "CASES.tsv").open(encoding="utf-8") as stream:
        named = {row["file"] for row in csv.DictReader(stream, delimiter="\t")}
    others = {
        *("r1_sheets_comma_quoted_decimal_A401.csv", "r3_excel_react_hours_A001.csv"),
        *("r6_rain_only_cuiaba.csv", "r7_two_years_cat_A001.csv"),
    }
    assert named == {*AS_THE_PORTAL, *REMARKS, *REFUSALS, *others}
    assert named == {path.name for path in CASES.iterdir()} - {"CASES.tsv"}


@pytest.mark.parametrize("name", AS_THE_PORTAL)
def test_the_values_are_those_of_the_portal(name: str) -> None:
    [reading] = _read(name)
    assert reading.report.station_id == "A001"
    np.testing.assert_array_equal(_values(reading), _portals(reading))


@pytest.mark.parametrize(("name", "remark"), REMARKS.items())
def test_what_was_decided_is_told(name: str, remark: str) -> None:
    [reading] = _read(name, "A001")
    assert remark in "; ".join(reading.report.repairs)


@pytest.mark.parametrize(("name", "sentence"), REFUSALS.items())
def test_what_cannot_be_decided_is_refused_by_one_sentence(name: str, sentence: str) -> None:
    inspection = inspect_file(CASES / name)
    assert inspection.reports == []
    [refusal] = inspection.refusals
    assert sentence in str(refusal)


def test_hours_of_another_zone_are_shifted() -> None:
    [reading] = _read("s1_hour_utc_minus3_A001.csv")
    assert reading.report.first_hour == datetime(2020, 1, 21, 3)  # noqa: DTZ001
    [portal] = _read("r2_semicolon_decimal_point_A001.csv")
    np.testing.assert_array_equal(_values(reading), _values(portal))
    shifted = pc.subtract(reading.table["observed_at"], portal.table["observed_at"])
    assert pc.unique(shifted).to_pylist() == [timedelta(hours=3)]


def test_wind_in_another_unit_is_converted() -> None:
    [reading] = _read("s4_unit_kmh_A001.csv")
    [plain] = _read("r2_semicolon_decimal_point_A001.csv")
    for name in ("wind_speed_ms", "wind_gust_ms"):
        expected = plain.table[name].to_numpy() / 3.6
        np.testing.assert_allclose(reading.table[name].to_numpy(), expected, atol=1e-6)


def test_a_wet_bulb_is_no_humidity() -> None:
    [reading] = _read("s5_bdmep_wetbulb.csv")
    assert reading.report.variables == ("temperature_c", "humidity_pct")
    assert pc.min(reading.table["humidity_pct"]).as_py() > 30


def test_missing_radiation_is_missing() -> None:
    [reading] = _read("s3_radiation_minus9999_00_A001.csv")
    assert pc.min(reading.table["radiation_kj_m2"]).as_py() >= -10
    np.testing.assert_array_equal(_values(reading), _portals(reading))


def test_a_latitude_without_its_comma_is_no_place() -> None:
    [reading] = _read("s6_coords_without_comma_A001.csv")
    assert reading.header
    assert (reading.header.latitude_deg, reading.header.longitude_deg) == (None, None)


def test_dates_of_the_united_states_are_ten_days_of_april() -> None:
    [reading] = _read("s2_react_us_dates_A001.csv", "A001")
    first, last = reading.report.first_hour, reading.report.last_hour
    assert (first, last) == (datetime(2025, 4, 1), datetime(2025, 4, 10, 23))  # noqa: DTZ001


def test_a_spreadsheets_metadata_block_is_read() -> None:
    [reading] = _read("r1_sheets_comma_quoted_decimal_A401.csv")
    assert reading.header
    assert (reading.header.name, reading.header.latitude_deg) == ("SALVADOR", -13.01666666)
    assert pc.count(reading.table["pressure_hpa"]).as_py() == 25


def test_excels_hours_of_the_station_table_are_read() -> None:
    [reading] = _read("r3_excel_react_hours_A001.csv", "A001")
    hours = reading.table["observed_at"].to_pylist()
    assert [hour.hour for hour in hours[:24]] == list(range(24))


def test_a_file_of_rain_alone_says_nothing_of_the_rest() -> None:
    [reading] = _read("r6_rain_only_cuiaba.csv", "A901")
    assert reading.report.variables == ("precipitation_mm",)


def test_two_files_in_one_are_two_readings_of_one_station() -> None:
    first, second = _read("r7_two_years_cat_A001.csv")
    assert (first.report.station_id, second.report.station_id) == ("A001", "A001")
    assert first.header
    assert second.header
    assert first.report.last_hour < second.report.first_hour  # type: ignore[operator]
    lines = (CASES / "r7_two_years_cat_A001.csv").read_bytes().split(b"\n")
    line = second.table["line_number"][0].as_py()
    assert lines[line - 1].startswith(f"{second.report.first_hour:%Y/%m/%d}".encode())


def test_kaggles_file_is_read_with_the_station_given_too() -> None:
    [reading] = _read("r5_kaggle_station_code.csv", "a001")
    assert reading.report.station_source == "file"


def test_a_program_is_still_a_program() -> None:
    [path] = Path(SHARED / "not_data").iterdir()
    with pytest.raises(UnreadableFile, match="found 'import sys'"):
        read_observations(path.read_bytes(), file=path.name)
