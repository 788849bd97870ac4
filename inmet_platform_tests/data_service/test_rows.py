"""What the rows of each answer hold: names as agreed, missing is null, sums agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from fastapi.testclient import TestClient

from data_service.quality_words import MEANINGS
from inmet_platform.config.settings import Settings
from inmet_platform.inmet.quality.rules import RULES
from inmet_platform_tests.data_service.made import hours, weather, write

Rows: TypeAlias = Callable[..., list[dict[str, Any]]]

YEAR = weather("A001", "2024-01-01T01", 24 * 40, seed=1, gaps=0.1)
OF_YEAR = {"station": "A001", "from": "2024-01-01", "to": "2024-02-09", "tz": "UTC"}

NETWORK = (
    "station_id name uf latitude_deg longitude_deg observed_at age_h temperature_c "
    "precipitation_mm rain_24h_mm rain_72h_mm rain_class rain_probability"
)
NEWEST = {"/stations", "/latest", "/latest?station=A001", "/pipeline"}
CONTRACT = {
    "/stations": "station_id name uf region latitude_deg longitude_deg altitude_m first_hour "
    "last_hour hours",
    "/latest": NETWORK,
    "/latest?station=A001": f"{NETWORK} humidity_pct pressure_hpa pressure_change_3h_hpa "
    "wind_speed_ms wind_gust_ms wind_direction_deg",
    "/series?variables=temperature_c,wind_gust_ms": "at temperature_c wind_gust_ms",
    "/rain": "at precipitation_mm accumulated_mm",
    "/daily": "day precipitation_mm temperature_mean_c temperature_max_c temperature_min_c "
    "humidity_mean_pct wind_gust_max_ms hours",
    "/classes": "class hours share",
    "/classes?by=month": "month class hours share",
    "/classes?by=hour": "hour class hours share",
    "/climatology": "month rain_mm rain_days temperature_mean_c temperature_max_c "
    "temperature_min_c humidity_mean_pct years",
    "/heatmap?variable=temperature_c": "month hour mean hours",
    "/wind-rose": "sector speed_class hours share",
    "/percentiles?variable=temperature_c": "day_of_year day p10 p25 p50 p75 p90 value",
    "/anomalies": "month rain_mm rain_anomaly_pct temperature_c temperature_anomaly_c",
    "/records": "what label value unit at",
    "/completeness": "month variable share",
    "/pipeline": "layer rows detail",
}


@pytest.mark.parametrize("path", CONTRACT)
def test_the_rows_have_the_names_that_pictures_rely_on(
    client: TestClient, home: Settings, path: str
) -> None:
    write(home, YEAR)
    parameters = OF_YEAR if path not in NEWEST else {}
    url = client.build_request("GET", path).url.copy_merge_params(parameters)
    answer = client.get(str(url))
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["source"] == "Fonte: INMET"
    assert body["rows"]
    assert all(set(row) == set(CONTRACT[path].split()) for row in body["rows"])
    if parameters and path not in {"/climatology", "/anomalies", "/records"}:
        held = {"station": "A001", "tz": "UTC", "from": "2024-01-01T00:00:00Z"}
        assert held.items() <= body.items()


def test_missing_is_null_and_never_0(rows: Rows) -> None:
    rain: list[float | None] = [0.0, None, 2.0, None]
    held = hours("A001", "2024-01-01T01", 4, precipitation_mm=rain, temperature_c=20.0)
    asked = {"station": "A001", "from": "2024-01-01", "to": "2024-01-01", "tz": "UTC"}
    found = rows(held, "/rain", **asked)
    assert [row["precipitation_mm"] for row in found] == [0.0, None, 2.0] + [None] * 21
    assert [row["accumulated_mm"] for row in found] == [0.0, None, 2.0] + [None] * 21
    found = rows(held, "/series", **asked, variables="humidity_pct,temperature_c")
    assert {row["humidity_pct"] for row in found} == {None}
    assert [row["temperature_c"] for row in found][:5] == [20.0] * 4 + [None]


def test_rain_says_how_many_hours_are_missing(client: TestClient, home: Settings) -> None:
    write(home, hours("A001", "2024-01-01T01", 4, precipitation_mm=[0.0, None, 2.0, None]))
    answer = client.get("/rain?station=A001&from=2024-01-01&to=2024-01-01&tz=UTC").json()
    assert (answer["missing_hours"], answer["step"]) == (22, "hour")


@pytest.mark.parametrize(
    ("present", "step", "value"), [(12, "day", 1.0), (11, "day", None), (3, "6h", 1.0)]
)
def test_a_step_with_fewer_than_half_its_hours_is_null(
    rows: Rows, present: int, step: str, value: float | None
) -> None:
    held = hours("A001", "2024-01-01T01", present, temperature_c=1.0)
    asked = {"station": "A001", "from": "2024-01-01", "to": "2024-01-01", "tz": "UTC"}
    found = rows(held, "/series", **asked, variables="temperature_c", step=step)
    assert found[0]["temperature_c"] == value


def test_a_step_of_a_sum_is_a_sum_and_of_an_extreme_an_extreme(rows: Rows) -> None:
    names = ("precipitation_mm", "temperature_c", "temperature_max_c", "temperature_min_c")
    values = {name: [1.0, 2.0, 6.0] for name in (*names, "wind_gust_ms")}
    held = hours("A001", "2024-01-01T01", 3, **values, wind_direction_deg=[350.0, 10.0, 0.0])
    asked = {"station": "A001", "from": "2024-01-01", "to": "2024-01-01T03:00", "tz": "UTC"}
    found = rows(
        held, "/series", **asked, step="3h", variables=",".join([*values, "wind_direction_deg"])
    )
    [row] = found
    assert [row[name] for name in values] == [9.0, 3.0, 6.0, 1.0, 6.0]
    assert row["wind_direction_deg"] == 0.0


def test_radiation_of_a_day_misses_nothing_at_night(rows: Rows) -> None:
    sun = [100.0 if 12 <= hour <= 20 else None for hour in range(1, 25)]
    held = hours("A001", "2024-01-01T01", 24, radiation_kj_m2=sun)
    asked = {"station": "A001", "from": "2024-01-01", "to": "2024-01-01", "tz": "UTC"}
    [row] = rows(held, "/series", **asked, variables="radiation_kj_m2", step="day")
    assert row["radiation_kj_m2"] == 900.0
    found = rows(held, "/completeness", **asked, variables="radiation_kj_m2,precipitation_mm")
    assert {row["variable"]: row["share"] for row in found} == {
        "radiation_kj_m2": 1.0,
        "precipitation_mm": 0.0,
    }


@pytest.mark.parametrize("by", ["total", "month", "hour"])
@pytest.mark.parametrize("scale", ["alerta_rio", "wmo", "ams"])
def test_shares_of_classes_add_up_to_one_and_hours_to_the_period(
    rows: Rows, scale: str, by: str
) -> None:
    found = rows(YEAR, "/classes", **OF_YEAR, scale=scale, by=by)
    groups: dict[Any, list[dict[str, Any]]] = {}
    for row in found:
        groups.setdefault(row.get(by), []).append(row)
    for group in groups.values():
        assert sum(row["share"] for row in group) == pytest.approx(1, abs=1e-5)
    assert sum(row["hours"] for row in found) == 40 * 24


def test_hours_without_a_row_have_the_class_sem_dado(rows: Rows) -> None:
    rain = [0.0, 5.0, 5.2, 25.2, 50.2, None]
    held = hours("A001", "2024-01-01T01", 6, precipitation_mm=rain, temperature_c=1.0)
    asked = {"station": "A001", "from": "2024-01-01", "to": "2024-01-02", "tz": "UTC"}
    found = rows(held, "/classes", **asked)
    assert {row["class"]: row["hours"] for row in found} == {
        **dict.fromkeys(["sem chuva", "fraca", "moderada", "forte", "muito forte"], 1),
        "sem dado": 43,
    }


def test_calm_has_no_direction_and_north_lies_around_0(rows: Rows) -> None:
    held = hours(
        "A001",
        "2024-01-01T01",
        6,
        wind_speed_ms=[0.4, 0.5, 2.0, 9.0, 3.0, None],
        wind_direction_deg=[90.0, 359.0, 11.0, 12.0, None, 10.0],
    )
    asked = {"station": "A001", "from": "2024-01-01", "to": "2024-01-01", "tz": "UTC"}
    found = rows(held, "/wind-rose", **asked)
    assert {(row["sector"], row["speed_class"]): row["share"] for row in found if row["hours"]} == {
        ("calmaria", None): 0.25,
        ("N", "0.5-2"): 0.25,
        ("N", "2-4"): 0.25,
        ("NNE", ">= 8"): 0.25,
    }
    assert not any(row["hours"] for row in rows(held, "/wind-rose", **asked, season="JJA"))


def test_a_dry_spell_ends_with_rain_or_with_a_day_that_nobody_measured(rows: Rows) -> None:
    # Days 1 to 24 of January by INMET's window; day 8 has rain, day 15 no value.
    rain: list[float | None] = [0.0] * 24 * 24
    rain[24 * 7 + 3] = 30.0
    rain[24 * 14 : 24 * 15] = [None] * 24
    held = hours("A001", "2023-12-31T13", 24 * 24, precipitation_mm=rain, temperature_c=1.0)
    asked = {"station": "A001", "from": "2024-01-01", "to": "2024-01-24"}
    assert rows(held, "/dry-spells", **asked) == [
        {"from_day": "2024-01-01", "to_day": "2024-01-07", "days": 7, "ended_by": "chuva"},
        {"from_day": "2024-01-09", "to_day": "2024-01-14", "days": 6, "ended_by": "sem dado"},
        {"from_day": "2024-01-16", "to_day": "2024-01-24", "days": 9, "ended_by": "fim do período"},
    ]


def test_quality_tells_rules_and_variables_in_portuguese(rows: Rows) -> None:
    assert set(MEANINGS) == {rule.name for rule in RULES}
    bits = {rule.name: 1 << bit for bit, rule in enumerate(RULES)}
    held = hours(
        "A001",
        "2024-01-01T01",
        3,
        precipitation_mm=[None, 121.0, 0.0],
        precipitation_flag=[4, 3, 1],
        qc_tests=[bits["precipitation_range"], bits["precipitation_high"], 0],
    )
    found = rows(held, "/quality", station="A001")
    assert [(row["test"], row["suspect_hours"], row["failed_hours"]) for row in found] == [
        ("precipitation_range", 0, 1),
        ("precipitation_high", 1, 0),
    ]
    assert found[0]["meaning"] == MEANINGS["precipitation_range"]


def test_latest_looks_three_hours_and_three_days_back(rows: Rows) -> None:
    pressure = [900.0] * 97 + [901.0, 902.0, 903.5]
    rain: list[float | None] = [0.2] * 100
    rain[30:40] = [None] * 10
    held = hours("A001", "2023-12-30T00", 100, pressure_hpa=pressure, precipitation_mm=rain)
    held += hours("A002", "2010-01-01T00", 2, precipitation_mm=[0.0, 30.0])
    of_now, of_long_ago = rows(held, "/latest")
    assert (of_now["rain_24h_mm"], of_now["rain_72h_mm"]) == (4.8, None)
    assert (of_long_ago["rain_class"], of_long_ago["rain_24h_mm"]) == ("forte", None)
    [whole] = rows(held, "/latest", station="A001", tz="America/Sao_Paulo")
    assert whole["pressure_change_3h_hpa"] == 3.5
    assert {name: whole[name] for name in of_now} == {
        **of_now,
        "age_h": pytest.approx(of_now["age_h"], abs=0.1),
    }


def test_of_equal_records_the_first_is_told(rows: Rows) -> None:
    held = hours(
        "A001",
        "2024-01-01T00",
        4,
        temperature_max_c=[30.0, 31.0, None, 31.0],
        temperature_min_c=[5.0, 7.0, 5.0, None],
    )
    found = {row["what"]: row for row in rows(held, "/records", station="A001", tz="UTC")}
    assert found["temperature_max"]["value"] == 31.0
    assert found["temperature_max"]["at"] == "2024-01-01T01:00:00Z"
    assert found["temperature_min"]["at"] == "2024-01-01T00:00:00Z"
    assert (found["wind_gust"]["value"], found["wind_gust"]["at"]) == (None, None)
