"""Daily values: INMET's windows, its minimum counts, its rounding."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from inmet_platform_tests.warehouse.views.conftest import Files, Loaded
from inmet_platform_tests.warehouse.views.made import Made

# Of the day 2020-01-02.
RAIN_WINDOW = "2020-01-01T13"
WINDOW = "2020-01-02T01"
OTHERS = (
    "temperature_c",
    "temperature_max_c",
    "temperature_min_c",
    "humidity_pct",
    "pressure_hpa",
    "wind_speed_ms",
    "wind_gust_ms",
)
COUNTED = {22: "A122", 21: "A121", 12: "A112", 11: "A111"}


def _three_days(code: str) -> Made:
    return Made(code, "2020-01-01T00", 73)


def _counted(count: int) -> Made:
    made = _three_days(COUNTED[count]).fill(*OTHERS, precipitation_mm=0.2, pressure_hpa=900.0)
    return made.keep(count, RAIN_WINDOW, "precipitation_mm").keep(count, WINDOW, *OTHERS)


def _sunny(code: str) -> Made:
    """Radiation as the portal publishes it: null at night, here before 10 and after 21 UTC."""
    made = _three_days(code).fill(*OTHERS, pressure_hpa=900.0)
    hours = made.labels.astype(int) % 24
    made.values["radiation_kj_m2"] = np.where((hours >= 10) & (hours <= 21), 100.5, np.nan)
    return made


def _files() -> Files:
    rain = (
        _three_days("A010")
        .fill(precipitation_mm=0.0)
        .at("2020-01-01T12", precipitation_mm=6.4)
        .at("2020-01-01T13", precipitation_mm=0.2)
        .at("2020-01-02T12", precipitation_mm=0.4)
        .at("2020-01-02T13", precipitation_mm=3.2)
    )
    means = _three_days("A011").fill(*OTHERS, pressure_hpa=900.0)
    for label, value in [("02T00", 44.0), ("02T01", 32.0), ("03T00", 32.0), ("03T01", 8.0)]:
        made = {name: value for name in OTHERS if name != "pressure_hpa"}
        means.at(f"2020-01-{label}", **made)
    half = _three_days("A012").fill(temperature_c=20.0)
    for hour in range(1, 24, 2):
        half.at(f"2020-01-02T{hour:02}", temperature_c=20.1)
    below_zero = _three_days("A013").fill(temperature_c=-2.0)
    for hour in range(1, 24, 2):
        below_zero.at(f"2020-01-02T{hour:02}", temperature_c=-2.1)
    silent = _sunny("A203")
    for hour in (3, 4, 5):
        silent.at(f"2020-01-02T{hour:02}", **dict.fromkeys(OTHERS, np.nan))
    two_less = _sunny("A201")
    three_less = _sunny("A202")
    for hour in (12, 20):
        two_less.at(f"2020-01-02T{hour}", radiation_kj_m2=np.nan)
    for hour in (12, 16, 20):
        three_less.at(f"2020-01-02T{hour}", radiation_kj_m2=np.nan)
    stations = [
        *(rain, means, half, below_zero, _sunny("A200"), two_less, three_less, silent),
        *(_counted(count) for count in COUNTED),
    ]
    return [(f"{number}.CSV", made.file()) for number, made in enumerate(stations)]


@pytest.fixture(scope="module")
def made(load: Callable[[Files], Loaded]) -> Loaded:
    return load(_files())


def _day(made: Loaded, code: str, day: int = 2) -> dict[str, Any]:
    [row] = made.sql(
        f"SELECT * FROM CLEAN.DAILY WHERE station_id = '{code}' AND day = '2020-01-0{day}'"  # noqa: S608
    )
    return row


def test_the_rain_of_a_day_falls_from_the_label_13_utc_of_the_day_before_to_12_utc(
    made: Loaded,
) -> None:
    found = {day: _day(made, "A010", day)["precipitation_mm"] for day in (1, 2, 3)}
    assert found == {1: None, 2: 0.6, 3: 3.2}
    assert _day(made, "A010", 1)["precipitation_hours"] == 13


def test_the_means_and_extremes_of_a_day_are_of_the_labels_01_utc_to_00_utc_of_the_next(
    made: Loaded,
) -> None:
    first, second, third = (_day(made, "A011", day) for day in (1, 2, 3))
    assert first["temperature_mean_c"] == first["humidity_mean_pct"] == 21.0
    assert first["temperature_max_c"] == first["wind_gust_max_ms"] == 44.0
    assert second["temperature_mean_c"] == second["wind_speed_mean_ms"] == 21.0
    assert second["temperature_max_c"] == 32.0
    assert second["temperature_min_c"] == 20.0
    assert second["pressure_mean_hpa"] == 900.0
    assert third["temperature_min_c"] == 8.0


def test_a_half_is_rounded_away_from_zero_from_exact_sums(made: Loaded) -> None:
    assert _day(made, "A012")["temperature_mean_c"] == 20.1
    assert _day(made, "A013")["temperature_mean_c"] == -2.1


@pytest.mark.parametrize("count", COUNTED)
def test_a_value_needs_22_hours_and_humidity_12(made: Loaded, count: int) -> None:
    day = _day(made, COUNTED[count])
    published = {name for name, value in day.items() if value is not None}
    published -= {"station_id", "day", "precipitation_hours", "radiation_kj_m2"}
    others = {
        "precipitation_mm",
        "temperature_mean_c",
        "temperature_max_c",
        "temperature_min_c",
        "pressure_mean_hpa",
        "wind_speed_mean_ms",
        "wind_gust_max_ms",
    }
    assert published == (others if count >= 22 else set()) | (
        {"humidity_mean_pct"} if count >= 12 else set()
    )
    assert day["precipitation_hours"] == count


@pytest.mark.parametrize(
    ("code", "total"),
    [("A200", 12 * 100.5), ("A201", 10 * 100.5), ("A202", None), ("A203", None)],
    ids=["night is null", "two hours of day miss", "three miss", "silent at night"],
)
def test_radiation_is_summed_though_night_is_null(
    made: Loaded, code: str, total: float | None
) -> None:
    assert _day(made, code)["radiation_kj_m2"] == total


def test_a_day_is_there_once_and_only_when_an_hour_of_its_windows_is(made: Loaded) -> None:
    days = made.sql("SELECT day FROM CLEAN.DAILY WHERE station_id = 'A010' ORDER BY day")
    # No label of A010's is after 00 UTC of the 4th, which is rain of that day.
    assert [row["day"] for row in days] == [
        date(2019, 12, 31),
        *(date(2020, 1, day) for day in range(1, 5)),
    ]
    twice = "SELECT 1 FROM CLEAN.DAILY GROUP BY station_id, day HAVING COUNT(*) > 1"
    assert not made.sql(twice)
