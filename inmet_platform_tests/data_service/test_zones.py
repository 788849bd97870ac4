"""Local days, months and hours: an hour belongs to the one in which it begins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from data_service.zones import zone_of_station
from inmet_platform_tests.data_service.made import hours, moment

Rows: TypeAlias = Callable[..., list[dict[str, Any]]]

BRASILIA, MANAUS = "America/Sao_Paulo", "America/Manaus"


@pytest.mark.parametrize(
    ("label", "tz", "month", "hour"),
    [
        ("2024-02-01T03", BRASILIA, "2024-01", 23),
        ("2024-02-01T04", BRASILIA, "2024-02", 0),
        ("2024-02-01T04", MANAUS, "2024-01", 23),
        ("2024-02-01T01", "UTC", "2024-02", 0),
        # In 2018 Brasília had summer time: midnight was 02 UTC.
        ("2018-12-01T02", BRASILIA, "2018-11", 23),
        ("2018-12-01T03", BRASILIA, "2018-12", 0),
    ],
)
def test_the_first_hours_of_a_month_belong_to_the_right_local_one(
    rows: Rows, label: str, tz: str, month: str, hour: int
) -> None:
    held = hours("A001", label, 1, precipitation_mm=7.0)
    asked = {"station": "A001", "tz": tz, "from": "2018-11-01", "to": "2024-03-01"}
    found = rows(held, "/classes", **asked, by="month")
    assert [row["month"] for row in found if row["class"] == "moderada" and row["hours"]] == [month]
    found = rows(held, "/heatmap", **asked, variable="precipitation_mm")
    assert [row["hour"] for row in found if row["hours"]] == [hour]


@pytest.mark.parametrize(
    ("tz", "first", "last"),
    [
        (BRASILIA, "2024-01-02T04:00:00+00:00", "2024-01-03T03:00:00+00:00"),
        ("UTC", "2024-01-02T01:00:00+00:00", "2024-01-03T00:00:00+00:00"),
    ],
)
def test_a_day_has_the_24_hours_that_lie_in_it(rows: Rows, tz: str, first: str, last: str) -> None:
    held = hours("A001", "2024-01-01T00", 96, temperature_c=20.0)
    asked = {"station": "A001", "from": "2024-01-02", "to": "2024-01-02", "tz": tz}
    found = rows(held, "/series", **asked, variables="temperature_c", step="hour")
    times = [moment(row["at"]) for row in found]
    assert (len(times), times[0], times[-1]) == (24, moment(first), moment(last))
    assert {row["temperature_c"] for row in found} == {20.0}


@pytest.mark.parametrize(
    "asked", ["2024-01-02T12:00:00-03:00", "2024-01-02T12:00:00 03:00", "2024-01-02T15:00:00Z"]
)
def test_a_time_may_carry_any_offset(rows: Rows, asked: str) -> None:
    held = hours("A001", "2024-01-01T00", 96, temperature_c=20.0)
    # What arrives of an unescaped + is a space.
    wanted = "09:00" if " " in asked else "15:00"
    found = rows(
        held, "/series", station="A001", variables="temperature_c", tz="UTC", to="2024-01-03",
        **{"from": asked},
    )  # fmt: skip
    hour = int(wanted[:2]) + 1
    assert moment(found[0]["at"]) == moment(f"2024-01-02T{hour:02}:00:00+00:00")


@pytest.mark.parametrize(
    ("uf", "longitude_deg", "zone"),
    [
        ("AC", -67.8, "America/Rio_Branco"),
        ("AM", -60.0, MANAUS),
        ("MT", -56.1, "America/Cuiaba"),
        ("PE", -34.9, BRASILIA),
        ("PE", -32.4, "America/Noronha"),
        (None, None, BRASILIA),
    ],
)
def test_a_station_has_the_legal_time_of_its_place(
    uf: str | None, longitude_deg: float | None, zone: str
) -> None:
    assert zone_of_station(uf, longitude_deg) == zone


def test_a_period_after_a_station_s_last_hour_is_empty_and_no_error(rows: Rows) -> None:
    held = hours("A001", "2024-01-01T00", 5, precipitation_mm=1.0)
    found = rows(held, "/rain", station="A001", **{"from": "2024-05-01"})
    assert len(found) == 30 * 24
    assert {row["precipitation_mm"] for row in found} == {None}


def test_answers_are_in_the_station_s_own_time(rows: Rows) -> None:
    held = hours("A002", "2024-01-01T00", 5, temperature_c=20.0)
    found = rows(held, "/series", station="A002", variables="temperature_c")
    assert found[-1]["at"] == "2024-01-01T00:00:00-04:00"
