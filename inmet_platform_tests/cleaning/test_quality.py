"""Planted errors, known extremes, corrected neighbours: what CLEAN says of each value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from inmet_platform.inmet.quality.flags import BITS
from inmet_platform.inmet.quality.rules import RULES
from inmet_platform.inmet.schema import FLAG_NAMES, VARIABLE_NAMES
from inmet_platform.warehouse.session import Row
from inmet_platform_tests.chain.chain import Chain
from inmet_platform_tests.cleaning.planted import ERRORS, Error, triple
from inmet_platform_tests.cleaning.plausible import plausible
from inmet_platform_tests.embedded import EmbeddedCloud
from inmet_platform_tests.warehouse.views.made import Made, dated_zip

FIRST = "2024-04-01"
SPIKE, AFTER_SPIKE = "2024-06-01T12", "2024-06-01T13"
COLUMNS = ", ".join([*VARIABLE_NAMES, *FLAG_NAMES.values(), "qc_tests"])

Rows = dict[str, Row]


def _label(day: int, hour: int) -> str:
    return str(np.datetime64(FIRST, "h") + 24 * day + hour)


@dataclass
class Expected:
    """What CLEAN must hold of the planted station."""

    bits: dict[str, int]
    flags: dict[tuple[str, str], int]


def _planted() -> tuple[Made, Expected]:
    made = plausible("A001", FIRST, 24 * (len(ERRORS) + 1))
    expected = Expected({}, {})
    for day, error in enumerate(ERRORS):
        for back in range(error.hours):
            made.at(_label(day, error.hour - back), **error.values)
        label = _label(day, error.hour)
        if error.wet:
            made.at(label, precipitation_mm=0.2)
        for at in [label, _label(day, error.hour + 1)][: 1 + error.steps]:
            expected.bits[at] = sum(BITS[rule] for rule in error.rules)
            expected.flags |= {(at, name): flag for name, flag in error.flags.items()}
    return made, expected


PLANTED, EXPECTED = _planted()


def _wrong_clock() -> Made:
    """Radiation twelve hours late; two days of it, and one with a little less than is too much."""
    made = plausible("A505", "2024-06-01", 72)
    made.values["radiation_kj_m2"] = np.roll(made.values["radiation_kj_m2"], 12)
    made.values["radiation_kj_m2"][48:] = np.nan
    return made.at("2024-06-03T04", radiation_kj_m2=90).at("2024-06-03T05", radiation_kj_m2=90)


def _high() -> Made:
    made = plausible("A635", FIRST, 48, altitude_m=2450.0)
    for name in VARIABLE_NAMES:
        if name.startswith("pressure"):
            made.values[name] -= 170
    return made


def _antarctica() -> Made:
    made = plausible("C891", FIRST, 24, latitude_deg=-84.0, longitude_deg=-79.5)
    made.fill(radiation_kj_m2=np.nan, dew_point_c=np.nan)
    for name in ("temperature_c", "temperature_max_c", "temperature_min_c"):
        made.values[name] -= 75
    return made.at(f"{FIRST}T05", **triple("temperature", -51.4, -51.0, -51.6))


def _december(code: str) -> Made:
    made = plausible(code, "2023-12-30", 48)
    # Held over the turn of the year; and a front, whose rain falls in the new year.
    for hour in range(20, 24):
        made.at(f"2023-12-31T{hour}", wind_speed_ms=2.5)
    return made.at(
        "2023-12-31T23", **triple("temperature", 12, 12.3, 11.7), **triple("dew_point", 10, 11, 9)
    )


def _january(code: str) -> Made:
    made = plausible(code, "2024-01-01", 48)
    for hour in range(3):
        made.at(f"2024-01-01T0{hour}", wind_speed_ms=2.5)
    return made.at("2024-01-01T00", precipitation_mm=5.0)


def _rows(chain: Chain, code: str, table: str = "CLEAN.OBSERVATIONS") -> Rows:
    columns = COLUMNS if table.startswith("CLEAN") else ", ".join(VARIABLE_NAMES)
    rows = chain.sql(
        f"SELECT observed_at, {columns} FROM {table} WHERE station_id = '{code}'"  # noqa: S608
    )
    return {f"{row.pop('observed_at'):%Y-%m-%dT%H}": row for row in rows}


@dataclass
class Story:
    """A tenant after two runs, and what it held after the first."""

    chain: Chain
    spiked: Rows


@pytest.fixture(scope="module")
def story(embedded_cloud: EmbeddedCloud, tmp_path_factory: pytest.TempPathFactory) -> Story:
    home = tmp_path_factory.mktemp("quality")
    chain = Chain(embedded_cloud.loaders_tenant(home), home)
    spiked = plausible("A002", "2024-06-01", 24)
    corrected = spiked.file()
    spiked.at(SPIKE, **triple("temperature", 34, 34.2, 33.8))
    first = {"A001.CSV": PLANTED, "A505.CSV": _wrong_clock(), "A635.CSV": _high()}
    first |= {"C891.CSV": _antarctica(), "A002.CSV": spiked}
    first |= {"A003.CSV": _december("A003"), "A004.CSV": _january("A004")}
    second = {"A003.CSV": _january("A003").file(), "A004.CSV": _december("A004").file()}
    second["A002.CSV"] = corrected
    files = {name: (made.file(), (2024, 7, 1)) for name, made in first.items()}
    chain.put("first.zip", dated_zip(files))
    chain.bring("merge")
    before = _rows(chain, "A002")
    files = {name: (data, (2024, 8, 1)) for name, data in second.items()}
    chain.put("second.zip", dated_zip(files))
    chain.bring("merge")
    return Story(chain, before)


@pytest.fixture(scope="module")
def planted(story: Story) -> Rows:
    return _rows(story.chain, "A001")


def _names(bits: int) -> list[str]:
    return [name for name, bit in BITS.items() if bits & bit]


def _marks(row: Row) -> dict[str, int]:
    return {name: row[flag] for name, flag in FLAG_NAMES.items() if row[flag] != 1}


@pytest.mark.parametrize(("day", "error"), [*enumerate(ERRORS)], ids=[e.title for e in ERRORS])
def test_a_planted_error_is_flagged_as_what_it_is(planted: Rows, day: int, error: Error) -> None:
    at = _label(day, error.hour)
    row = planted[at]
    assert _names(row["qc_tests"]) == [name for name in BITS if name in error.rules]
    assert {name: flag for name, flag in _marks(row).items() if flag != 9} == {
        name: flag for name, flag in error.flags.items() if flag != 9
    }
    for name, value in error.values.items():
        lost = error.flags.get(name, 1) in {4, 9}
        assert row[name] == (None if lost else value)


def test_every_rule_but_the_clock_s_is_planted() -> None:
    planted = {rule for error in ERRORS for rule in error.rules}
    assert planted == {rule.name for rule in RULES} - {"clock"}


def test_no_other_hour_has_any_bit_and_no_other_value_a_flag(planted: Rows) -> None:
    assert len(planted) == len(PLANTED.labels)
    bits = {at: row["qc_tests"] for at, row in planted.items() if row["qc_tests"]}
    assert bits == {at: bit for at, bit in EXPECTED.bits.items() if bit}
    flags = {(at, name): flag for at, row in planted.items() for name, flag in _marks(row).items()}
    empty = {
        (str(at), name): 9
        for name in VARIABLE_NAMES
        for at in PLANTED.labels[np.isnan(PLANTED.values[name])]
    }
    assert flags == empty | EXPECTED.flags


def test_raw_keeps_what_was_published(story: Story) -> None:
    raw = _rows(story.chain, "A001", "RAW.OBSERVATIONS")
    for name in VARIABLE_NAMES:
        found = [raw[str(at)][name] for at in PLANTED.labels]
        np.testing.assert_array_equal(np.array(found, float), PLANTED.values[name])


def test_thin_air_is_usual_where_it_always_is(story: Story) -> None:
    rows = _rows(story.chain, "A635")
    assert {row["qc_tests"] for row in rows.values()} == {0}
    assert min(row["pressure_hpa"] for row in rows.values()) < 720


def test_antarctica_is_cold(story: Story) -> None:
    rows = _rows(story.chain, "C891")
    assert {row["qc_tests"] for row in rows.values()} == {0}
    assert rows[f"{FIRST}T05"]["temperature_c"] == -51.4


def test_a_wrong_clock_makes_every_radiation_of_the_day_suspect(story: Story) -> None:
    rows = _rows(story.chain, "A505")
    for at, row in rows.items():
        is_wrong = at < "2024-06-03" and row["radiation_kj_m2"] is not None
        assert bool(row["qc_tests"] & BITS["clock"]) is is_wrong
        if is_wrong:
            assert row["radiation_flag"] == 3
    less = rows["2024-06-03T04"]
    assert (_names(less["qc_tests"]), less["radiation_flag"]) == (["radiation_at_night"], 3)


def test_a_correction_clears_the_suspicion_of_the_next_hour(story: Story) -> None:
    for at in (SPIKE, AFTER_SPIKE):
        row = story.spiked[at]
        assert (_names(row["qc_tests"]), row["temperature_flag"]) == (["temperature_step"], 3)
    rows = _rows(story.chain, "A002")
    assert {row["qc_tests"] for row in rows.values()} == {0}
    assert {row["temperature_flag"] for row in rows.values()} == {1}


def test_two_years_in_either_order_give_the_same_flags_at_the_edge(story: Story) -> None:
    forwards, backwards = _rows(story.chain, "A003"), _rows(story.chain, "A004")
    assert forwards == backwards
    persistent = BITS["wind_speed_persistent"]
    held = [at for at, row in forwards.items() if row["qc_tests"] & persistent]
    assert sorted(held) == ["2024-01-01T01", "2024-01-01T02"]
    # The rain of the first hour explains the fall in the last one of the year before.
    assert {row["qc_tests"] for row in forwards.values()} == {0, persistent}
