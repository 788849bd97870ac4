"""Versions of stations, whatever order the files come in, and what the checks say of them."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from inmet_platform.config.settings import load_settings
from inmet_platform.inmet.readers.text import fold
from inmet_platform_tests.needs import SHARED, needs_inmet_files
from inmet_platform_tests.warehouse.views.conftest import Files, Loaded
from inmet_platform_tests.warehouse.views.made import Made, dated_zip


def _year(code: str, year: int, **attributes: Any) -> bytes:
    return Made(code, f"{year}-01-01T00", 24, **attributes).fill("temperature_c").file()


def _editions() -> list[bytes]:
    """2020 in two editions, the newer in a zip of its own, between other years."""
    old, new = _year("A400", 2020), _year("A400", 2020, altitude_m=500.0)
    return [
        dated_zip({"2019/a.CSV": (_year("A400", 2019), (2020, 1, 10))}),
        dated_zip({"a.CSV": (old, (2020, 7, 10))}),
        dated_zip({"a.CSV": (new, (2021, 1, 10))}),
        dated_zip({"a.CSV": (_year("A400", 2023, altitude_m=500.0), (2024, 1, 10))}),
    ]


def _versions() -> Files:
    noise = [
        _year("A401", 2018, name="SÃO JOÃO DO PIAUÍ"),
        _year("A401", 2019, name="SAO JOAO  DO PIAUI", latitude_deg=-15.5001),
        _year("A401", 2020, name="Sao Joao do Piaui", latitude_deg=-15.5),
    ]
    back = [
        _year("A402", year, name=name) for year, name in ((2018, "X"), (2019, "Y"), (2020, "X"))
    ]
    files = [*_editions(), *noise, *back]
    return [(f"{number}", data) for number, data in enumerate(files)]


ANTARCTIC = ("c.CSV", _year("C891", 2020, latitude_deg=-84.0, longitude_deg=-79.5))
BARE = ("INMET_CO_DF_A403.CSV", b"\n".join(_year("A403", 2020).split(b"\n")[8:]))
MOVED = [
    ("m1.CSV", _year("A410", 2019)),
    ("m2.CSV", _year("A410", 2020, longitude_deg=-47.31)),
    ("m3.CSV", _year("A411", 2019)),
    ("m4.CSV", _year("A411", 2020, longitude_deg=-47.29)),
    ("n.CSV", _year("A412", 2020)),
]


@pytest.fixture(scope="module")
def made(load: Callable[[Files], Loaded]) -> Loaded:
    loaded = load([*_versions(), ANTARCTIC, BARE, *MOVED])
    # The reader leaves such a place out; one that was read before the reader knew is there.
    loaded.sql("UPDATE RAW.STATION_HEADERS SET latitude_deg = 10.5 WHERE station_id = 'A412'")
    return loaded


@pytest.fixture(scope="module")
def backwards(load: Callable[[Files], Loaded]) -> Loaded:
    """The last file first; 2020's older edition and 2019 in runs of their own."""
    files = [*reversed(_versions())]
    loaded = load([*files[:-2], ANTARCTIC])
    for item in files[-2:]:
        loaded.load([item])
    return loaded


def _of(chain: Loaded, *codes: str) -> list[tuple[Any, ...]]:
    rows = chain.sql("SELECT * FROM CLEAN.STATIONS ORDER BY station_id, valid_from")
    return [tuple(row.values()) for row in rows if row["station_id"] in codes]


def _periods(chain: Loaded, code: str, attribute: str) -> list[tuple[Any, ...]]:
    rows = chain.sql(
        f"SELECT {attribute}, valid_from, valid_to, is_current FROM CLEAN.STATIONS "  # noqa: S608
        f"WHERE station_id = '{code}' ORDER BY valid_from"
    )
    return [tuple(row.values()) for row in rows]


def test_the_newest_edition_of_a_year_says_what_the_station_was_and_a_gap_goes_with_it(
    made: Loaded,
) -> None:
    assert _periods(made, "A400", "altitude_m") == [
        (1000.0, date(2019, 1, 1), date(2019, 12, 31), False),
        (500.0, date(2020, 1, 1), None, True),
    ]


def test_accents_spaces_case_and_metres_make_no_version(made: Loaded) -> None:
    assert _periods(made, "A401", "station_name") == [
        ("Sao Joao do Piaui", date(2018, 1, 1), None, True)
    ]


def test_what_comes_back_after_a_year_is_a_version_of_its_own(made: Loaded) -> None:
    assert _periods(made, "A402", "station_name") == [
        ("X", date(2018, 1, 1), date(2018, 12, 31), False),
        ("Y", date(2019, 1, 1), date(2019, 12, 31), False),
        ("X", date(2020, 1, 1), None, True),
    ]


def test_the_years_loaded_backwards_give_the_same_versions(made: Loaded, backwards: Loaded) -> None:
    codes = ("A400", "A401", "A402", "C891")
    assert _of(backwards, *codes) == _of(made, *codes)


def test_a_file_without_a_metadata_block_makes_no_version(made: Loaded) -> None:
    assert made.count("CLEAN.OBSERVATIONS WHERE station_id = 'A403'") == 24
    assert not _of(made, "A403")


def test_coordinates_outside_brazil_are_told_and_the_known_ones_apart(made: Loaded) -> None:
    check = made.checks["every_station_is_in_brazil"]
    assert not check.passed
    assert check.severity.value == "WARN"
    assert check.metadata["offenders"].value == "- A412 TESTE, from 2020-01-01: 10.5, -47.25"
    assert check.metadata["known"].value == "- C891 TESTE, from 2020-01-01: -84.0, -79.5"


def test_a_station_known_to_be_elsewhere_alone_fails_no_check(backwards: Loaded) -> None:
    check = backwards.checks["every_station_is_in_brazil"]
    assert check.passed
    assert "C891" in str(check.metadata["known"].value)
    assert backwards.checks["no_station_moves_far"].passed


def test_a_move_of_more_than_a_twentieth_of_a_degree_is_told(made: Loaded) -> None:
    check = made.checks["no_station_moves_far"]
    assert not check.passed
    assert check.metadata["offenders"].value == (
        "- A410 TESTE, from 2020-01-01: -15.5, -47.31; before at -15.5, -47.25"
    )


@needs_inmet_files
def test_a_partial_block_of_bdmep_changes_no_year_that_has_a_whole_one(
    load: Callable[[Files], Loaded],
) -> None:
    [bdmep] = SHARED.glob("bdmep_hourly/dados_A802_*")
    portal = [_year("A802", year, name="RIO GRANDE") for year in (2023, 2024)]
    alone = load([(bdmep.name, bdmep.read_bytes())])
    assert [row[-3:] for row in _of(alone, "A802")] == [(date(2024, 10, 30), None, True)]
    alone.load([(f"{number}.CSV", data) for number, data in enumerate(portal)])
    assert _periods(alone, "A802", "altitude_m") == [(1000.0, date(2023, 1, 1), None, True)]


def _catalogue() -> dict[str, dict[str, str]]:
    [path] = SHARED.glob("catalogue/regis-zang*")
    lines = path.read_text(encoding="utf-8").splitlines()
    return {row["CD_ESTACAO"]: row for row in csv.DictReader(lines, delimiter=";")}


@pytest.fixture(scope="module")
def network(load: Callable[[Files], Loaded]) -> Loaded:
    """The metadata block and the first day of every station of 2024."""
    with zipfile.ZipFile(SHARED / "archive" / "2024.zip") as archive:
        members = {
            item.filename: (
                b"\n".join([*archive.read(item).split(b"\n")[:33], b""]),
                item.date_time[:3],
            )
            for item in archive.infolist()
        }
    return load([("2024.zip", dated_zip(members))])


@needs_inmet_files
def test_the_stations_of_a_year_are_those_of_inmets_catalogue(network: Loaded) -> None:
    catalogue = _catalogue()
    stations = network.sql("SELECT * FROM CLEAN.STATIONS")
    assert len(stations) == 565
    far = []
    for row in stations:
        entry = catalogue[row["station_id"]]
        assert fold(row["station_name"]) == fold(entry["DC_NOME"])
        began = datetime.strptime(entry["DT_INICIO_OPERACAO"], "%d/%m/%Y").date()  # noqa: DTZ007
        assert row["founded_on"] - began == timedelta(days=1)
        places = [("latitude_deg", "VL_LATITUDE"), ("longitude_deg", "VL_LONGITUDE")]
        offset = max(
            abs(row[ours] - float(entry[theirs].replace(",", "."))) for ours, theirs in places
        )
        far += [row["station_id"]] if offset > 0.001 else []
    # One of the two errs by 0.3 degrees.
    assert far == ["A104"]


@needs_inmet_files
def test_the_check_against_the_catalogue_names_the_one_station_that_errs(network: Loaded) -> None:
    [catalogue] = SHARED.glob("catalogue/regis-zang*")
    home = network.settings.home
    with (home / ".env").open("a") as stream:
        stream.write(f"STATION_CATALOGUE={catalogue}\n")
    checked = Loaded(load_settings(home), home)
    check = checked.checks["stations_agree_with_the_catalogue"]
    assert not check.passed
    assert check.metadata["stations compared"].value == 565
    offenders = str(check.metadata["offenders"].value)
    assert offenders.startswith("- A104 stands at")
    assert offenders.count("- A") == 1


@needs_inmet_files
def test_every_station_of_a_year_is_in_brazil(network: Loaded) -> None:
    assert network.checks["every_station_is_in_brazil"].passed
