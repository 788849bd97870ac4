"""INMET's own days and months beside ours, and stations that have no hours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from inmet_platform.command.report import status_text, summary
from inmet_platform.warehouse.session import open_session
from inmet_platform_tests.chain.chain import TO_CSV, metadata_of
from inmet_platform_tests.embedded import administrator
from inmet_platform_tests.files import small_portal_file, zip_of
from inmet_platform_tests.inmet.test_published import CATALOGUES, DAYS, MONTHS, bdmep
from inmet_platform_tests.needs import SHARED, needs_inmet_files
from inmet_platform_tests.warehouse.views.conftest import Files, Loaded

# Two requests of one station: first its rain, then its sunshine, with another value of one day.
RAIN = "Data Medicao;PRECIPITACAO TOTAL, DIARIO(mm);\n2020-01-01;3.0;\n2020-01-02;14.6;\n"
RAIN_NEWER = RAIN.replace("3.0", "null").replace("14.6", "14.8")
SUN = "Data Medicao;INSOLACAO TOTAL, DIARIO(h);\n2020-01-01;7.2;\n2020-01-02;1.1;\n"


@pytest.fixture(scope="module")
def conventional(load: Callable[[Files], Loaded]) -> Loaded:
    loaded = load([("dados_83698_D.csv", bdmep(RAIN))])
    loaded.load([("dados_83698_D.csv", bdmep(SUN))])
    loaded.load([("dados_83698_D.csv", bdmep(RAIN_NEWER))])
    loaded.load([("dados_83698_M.csv", bdmep(MONTHS, periodicity="Mensal"))])
    page = CATALOGUES["page"].replace("83698", "83377").replace("CAMPOS", "BRASILIA")
    loaded.load([("catalogo.csv", page.encode())])
    return loaded


def test_of_a_day_each_value_is_the_newest_files_that_has_its_column(
    conventional: Loaded,
) -> None:
    rows = conventional.sql(
        "SELECT day, precipitation_mm, sunshine_h, temperature_mean_c FROM CLEAN.DAILY_PUBLISHED "
        "ORDER BY day"
    )
    assert [tuple(row.values()) for row in rows] == [
        (date(2020, 1, 1), None, 7.2, None),
        (date(2020, 1, 2), 14.8, 1.1, None),
    ]


def test_months_of_a_conventional_station_come_through(conventional: Loaded) -> None:
    rows = conventional.sql(
        "SELECT station_id, month, precipitation_mm, precipitation_days, temperature_mean_c "
        "FROM CLEAN.MONTHLY_PUBLISHED ORDER BY month"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("83698", date(2020, 1, 1), 201.4, 12, 26.9),
        ("83698", date(2020, 2, 1), 88.0, 9, 27.1),
    ]


def test_a_station_without_hours_is_known_by_its_catalogue_or_by_bdmep(
    conventional: Loaded,
) -> None:
    rows = conventional.sql(
        "SELECT station_id, station_name, uf, altitude_m, valid_from, valid_to, is_current "
        "FROM CLEAN.STATIONS ORDER BY station_id"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("83377", "BRASILIA", "RJ", 11.2, date(1911, 6, 1), None, True),
        ("83698", "CAMPOS", None, 11.2, date(2020, 1, 1), None, True),
    ]


def test_days_and_months_are_no_hours(conventional: Loaded) -> None:
    assert set(conventional.states().values()) == {"clean"}
    assert conventional.count("RAW.OBSERVATIONS") == 0
    assert conventional.count("CLEAN.OBSERVATIONS") == 0


def test_days_are_told_beside_the_hours_and_are_none(load: Callable[[Files], Loaded]) -> None:
    loaded = load([])
    loaded.put("dados_83698_D.csv", bdmep(RAIN_NEWER))
    result = loaded.run()
    made = {name: metadata_of(result, name) for name in TO_CSV}
    told = "1 values of days and months"  # the other is missing
    assert "0 hours of 0 station(s), 0 new\n" in summary(loaded.settings, made)
    assert told in summary(loaded.settings, made)
    assert told in status_text(loaded.settings)
    with open_session(administrator(loaded.settings), tag="test") as session:
        for what in ("PIPE RAW.PUBLISHED_VALUES_PIPE", "TABLE RAW.PUBLISHED_VALUES"):
            session.query_text(f"DROP {what}")
    assert "published_values  NO_PIPE" in status_text(loaded.settings), "before a bootstrap"


def test_the_same_bytes_in_another_object_are_not_landed_again(
    load: Callable[[Files], Loaded],
) -> None:
    loaded = load([("a.csv", bdmep(DAYS))])
    others = {"dias.csv": bdmep(DAYS), "mais.csv": bdmep(DAYS, code="83377")}
    loaded.load([("b.zip", zip_of(others))])
    assert loaded.count("RAW.PUBLISHED_VALUES") == 2 * 9
    assert loaded.count("CLEAN.DAILY_PUBLISHED") == 2 * 3
    assert loaded.count("RAW.STATION_HEADERS") == 3


def test_the_check_warns_when_our_days_are_others_and_hours_stay_what_they_are(
    load: Callable[[Files], Loaded],
) -> None:
    hours = small_portal_file(first="2020-01-01T00", hours=48)
    other = "Data Medicao;UMIDADE RELATIVA DO AR, MEDIA DIARIA(%);\n2020-01-01;1.0;\n"
    loaded = load([("A001.CSV", hours)])
    before = loaded.sql("SELECT * FROM CLEAN.OBSERVATIONS ORDER BY observed_at")
    page = CATALOGUES["page"].replace("83698", "A001").replace("CAMPOS", "OUTRA")
    loaded.load([("d.csv", bdmep(other, code="A001")), ("c.csv", page.encode())])
    assert loaded.sql("SELECT * FROM CLEAN.OBSERVATIONS ORDER BY observed_at") == before
    assert loaded.count("CLEAN.EDITION_CHANGES") == 0
    [station] = loaded.sql("SELECT station_name FROM CLEAN.STATIONS WHERE station_id = 'A001'")
    assert station["station_name"] != "OUTRA"
    found = loaded.checks["days_agree_with_inmets"]
    assert not found.passed
    rows = {it.data["variable"]: it.data for it in found.metadata["compared"].records}
    assert (rows["humidity"]["days"], rows["humidity"]["equal"]) == (1, 0)


@needs_inmet_files
def test_bdmeps_days_come_through_and_agree_with_ours(load: Callable[[Files], Loaded]) -> None:
    portal = sorted(SHARED.glob("portal/*_A001_*"))
    [daily] = SHARED.glob("bdmep_daily/dados_A001_*")
    loaded = load([(path.name, path.read_bytes()) for path in (*portal, daily)])
    [counts] = loaded.sql(
        "SELECT COUNT(precipitation_mm) AS rain, COUNT(temperature_mean_c) AS temperature, "
        "COUNT(humidity_mean_pct) AS humidity FROM CLEAN.DAILY_PUBLISHED"
    )
    assert counts == {"rain": 8425, "temperature": 8447, "humidity": 8625}
    found = loaded.checks["days_agree_with_inmets"]
    assert found.passed
    rows = {it.data["variable"]: it.data for it in found.metadata["compared"].records}
    # What differs are days with an hour in a year whose file is not there.
    assert rows["precipitation"]["days"] - rows["precipitation"]["equal"] <= 3
    assert all(row["days"] > 2_500 for row in rows.values())
