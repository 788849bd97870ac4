"""Our daily values against INMET's own, BDMEP daily of A001."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from inmet_platform_tests.needs import SHARED, needs_inmet_files
from inmet_platform_tests.warehouse.views.conftest import Files, Loaded
from inmet_platform_tests.warehouse.views.made import dated_zip

pytestmark = needs_inmet_files

A001_2024 = "INMET_CO_DF_A001_BRASILIA_01-01-2024_A_31-12-2024.CSV"
YEARS = {2000, 2005, 2008, 2012, 2017, 2018, 2019, 2020, 2024}
BDMEP = {
    "precipitation_mm": "PRECIPITACAO TOTAL, DIARIO (AUT)(mm)",
    "temperature_mean_c": "TEMPERATURA MEDIA, DIARIA (AUT)(°C)",
    "humidity_mean_pct": "UMIDADE RELATIVA DO AR, MEDIA DIARIA (AUT)(%)",
}

Days = dict[date, float | None]


@pytest.fixture(scope="module")
def a001(load: Callable[[Files], Loaded]) -> Loaded:
    files = [(path.name, path.read_bytes()) for path in sorted(SHARED.glob("portal/*_A001_*"))]
    with zipfile.ZipFile(SHARED / "archive" / "2024.zip") as archive:
        of_2024 = archive.read(A001_2024)
    return load([*files, ("2024.zip", dated_zip({A001_2024: (of_2024, (2025, 6, 16))}))])


def _of_bdmep(column: str) -> Days:
    [path] = SHARED.glob("bdmep_daily/dados_A001_*")
    lines = path.read_text(encoding="utf-8").split("\n")
    rows = csv.DictReader(lines[lines.index("") + 1 :], delimiter=";")
    days = {date.fromisoformat(row["Data Medicao"]): row[column] for row in rows}
    return {day: None if text == "null" else float(text) for day, text in days.items()}


def _ours(a001: Loaded, name: str) -> Days:
    return {row["day"]: row[name] for row in a001.sql(f"SELECT day, {name} FROM CLEAN.DAILY")}  # noqa: S608


def _has_whole_window(day: date, name: str) -> bool:
    """Whether no hour of the day's window is in a year that is not loaded."""
    neighbour = day + timedelta(days=-1 if name == "precipitation_mm" else 1)
    return {day.year, neighbour.year} <= YEARS


@pytest.mark.parametrize(
    ("name", "values", "nulls"),
    [
        ("precipitation_mm", 2868, 72),
        ("temperature_mean_c", 2872, 68),
        ("humidity_mean_pct", 2916, 24),
    ],
)
def test_every_day_whose_hours_are_loaded_has_bdmeps_value_or_none_as_there(
    a001: Loaded, name: str, values: int, nulls: int
) -> None:
    theirs, ours = _of_bdmep(BDMEP[name]), _ours(a001, name)
    compared = {day: value for day, value in theirs.items() if _has_whole_window(day, name)}
    assert {day: ours.get(day) for day in compared} == compared
    found = [value for value in compared.values() if value is not None]
    assert (len(found), len(compared) - len(found)) == (values, nulls)


def test_what_differs_from_bdmep_is_a_day_with_an_hour_in_a_year_that_is_not_loaded(
    a001: Loaded,
) -> None:
    theirs = _of_bdmep(BDMEP["temperature_mean_c"])
    ours = _ours(a001, "temperature_mean_c")
    both = [day for day in theirs if theirs[day] is not None and ours.get(day) is not None]
    different = [day for day in both if theirs[day] != ours[day]]
    # 00 UTC of the next year's first day is missing: the mean is of 23 hours.
    assert different == [date(2008, 12, 31), date(2012, 12, 31), date(2020, 12, 31)]


def test_a_version_begins_with_the_year_whose_file_says_something_else(a001: Loaded) -> None:
    rows = a001.sql(
        "SELECT altitude_m, founded_on, valid_from, valid_to FROM CLEAN.STATIONS ORDER BY 3"
    )
    # Between 2018 and 2024 the coordinates go 11 m off and come back: one place.
    founded = date(2000, 5, 7)
    assert [tuple(row.values()) for row in rows] == [
        (1159.54, founded, date(2000, 5, 7), date(2018, 12, 31)),
        (1160.96, founded, date(2019, 1, 1), None),
    ]


def test_months_without_a_file_are_expected_and_empty(a001: Loaded) -> None:
    rows = a001.sql(
        "SELECT YEAR(month) AS year, COUNT(*) AS n, SUM(hours_expected) AS expected, "
        "SUM(hours_present) AS present FROM CLEAN.COMPLETENESS "
        "WHERE variable = 'temperature_c' GROUP BY YEAR(month) ORDER BY 1"
    )
    assert [row["year"] for row in rows] == list(range(2000, 2025))
    assert sum(row["n"] for row in rows) == 8 + 24 * 12
    # From the label 00 UTC of 2000-05-07 to 23 UTC of 2024-12-31, both counted.
    span = date(2025, 1, 1) - date(2000, 5, 7)
    assert sum(int(row["expected"]) for row in rows) == span.days * 24
    empty = {row["year"] for row in rows if row["present"] <= 1}
    assert empty == set(range(2000, 2025)) - YEARS
