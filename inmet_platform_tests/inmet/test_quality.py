"""The table of rules, and the sun it measures radiation by."""

from __future__ import annotations

import re

import duckdb
import numpy as np
import pytest
import sqlglot

from docs.source.quality import quality_page
from inmet_platform.inmet.quality.flags import BITS, sql_fragments
from inmet_platform.inmet.quality.rules import PERSISTENCE_H, RULES, STEPS, Rule
from inmet_platform.inmet.quality.sun import DAY_COLUMNS, EXTRATERRESTRIAL, STATION_COLUMNS
from inmet_platform.inmet.schema import FLAG_NAMES, VARIABLE_NAMES

# A bit never changes its meaning: stored masks outlive the code. A rule is only ever appended.
NAMES = [
    "precipitation_range",
    "temperature_range",
    "dew_point_range",
    "humidity_range",
    "pressure_range",
    "wind_speed_range",
    "wind_gust_range",
    "wind_direction_range",
    "radiation_range",
    "dew_point_above_temperature",
    "temperature_min_above_max",
    "dew_point_min_above_max",
    "humidity_min_above_max",
    "pressure_min_above_max",
    "radiation_at_night",
    "precipitation_high",
    "precipitation_no_tip",
    "precipitation_repeated",
    "temperature_unusual",
    "temperature_ceiling",
    "dew_point_unusual",
    "humidity_unusual",
    "pressure_unusual",
    "temperature_step",
    "dew_point_step",
    "pressure_step",
    "humidity_step",
    "temperature_persistent",
    "dew_point_persistent",
    "pressure_persistent",
    "humidity_persistent",
    "wind_speed_persistent",
    "temperature_beyond_extremes",
    "dew_point_beyond_extremes",
    "humidity_beyond_extremes",
    "pressure_beyond_extremes",
    "wind_gust_below_speed",
    "wind_gust_high",
    "clock",
]

OF_THE_HOUR = {*VARIABLE_NAMES, "station_id"}
OF_THE_SERIES = {
    *(f"{name}_1" for name in STEPS),
    *(f"unchanged_{name}" for name in PERSISTENCE_H),
    *(
        "rain_before",
        "rain_now",
        "rain_after",
        "usual_pressure_hpa",
        "calm_wind_speed_ms",
        "night_radiation_kj_m2",
    ),
}
FUNCTIONS = {"OR", "AND", "ABS", "ROUND", "IFF", "GREATEST", "IS", "NOT", "NULL"}


def test_a_rule_keeps_its_bit_for_ever() -> None:
    assert [rule.name for rule in RULES] == NAMES
    assert list(BITS.values()) == [2**number for number in range(len(NAMES))]


def test_names_are_unique_and_the_mask_fits_a_bigint() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert len(NAMES) <= 62


def test_every_variable_can_fail() -> None:
    failing = {name for rule in RULES if rule.verdict == "fail" for name in rule.conditions}
    assert failing == set(VARIABLE_NAMES)


def test_what_fails_does_so_as_published_before_any_neighbour_looks_at_it() -> None:
    assert {rule.stage for rule in RULES if rule.verdict == "fail"} == {"published"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_condition_mentions_only_columns_that_its_stage_has(rule: Rule) -> None:
    known = OF_THE_HOUR | (
        {"extraterrestrial_kj_m2"} if rule.stage == "published" else OF_THE_SERIES
    )
    assert set(rule.conditions) <= set(VARIABLE_NAMES)
    for condition in rule.conditions.values():
        words = set(re.findall(r"[A-Za-z_]\w*", re.sub(r"'[^']*'", "", condition)))
        assert words - FUNCTIONS <= known


@pytest.mark.parametrize("name", sql_fragments())
def test_every_fragment_is_sql_of_the_warehouse(name: str) -> None:
    fragment = sql_fragments()[name]
    text = f"UPDATE t SET {fragment}" if "_set_" in name else f"SELECT {fragment}"  # noqa: S608
    assert sqlglot.parse_one(text, dialect="snowflake")


def test_the_document_tells_every_rule_and_every_variable() -> None:
    text = quality_page()
    assert all(f"| `{name}` |" in text for name in NAMES)
    assert all(f"`{name}`" in text for name in [*VARIABLE_NAMES, *FLAG_NAMES.values()])


def _sun_by_sql(latitude: float, longitude: float, hours: np.ndarray) -> np.ndarray:
    """The warehouse's own expressions, executed."""
    days = ", ".join(f"{text} AS {name}" for name, text in DAY_COLUMNS.items())
    place = ", ".join(f"{text} AS {name}" for name, text in STATION_COLUMNS.items())
    query = f"""
        WITH observations AS (SELECT label::TIMESTAMP_NTZ AS observed_at, n FROM (VALUES
            {", ".join(f"('{hour}:00', {n})" for n, hour in enumerate(hours))}) AS v (label, n)),
        batch AS (SELECT {place} FROM
            (SELECT {latitude}::FLOAT AS latitude_deg, {longitude}::FLOAT AS longitude_deg)),
        days AS (SELECT day_of_year, {days} FROM
            (SELECT DISTINCT DAYOFYEAR(observed_at) AS day_of_year FROM observations))
        SELECT {EXTRATERRESTRIAL} AS kj_m2
        FROM observations INNER JOIN days ON DAYOFYEAR(observations.observed_at) = days.day_of_year
        CROSS JOIN batch ORDER BY n
    """  # noqa: S608
    [text] = sqlglot.transpile(query, read="snowflake", write="duckdb")
    return np.array([row[0] for row in duckdb.connect().execute(text).fetchall()])


def _sun_by_vectors(latitude: float, longitude: float, hours: np.ndarray) -> np.ndarray:
    """The highest of 3,601 moments of the hour, from unit vectors and the almanac's series.

    Spencer's Fourier series (1971) for declination, distance and equation of time.
    """
    seconds = np.linspace(-3600, 0, 3601)
    moments = hours.astype("datetime64[s]").astype(np.int64)[:, None] + seconds
    year = hours[0].astype("datetime64[Y]").astype("datetime64[s]").astype(np.int64)
    g = 2 * np.pi * (moments - year) / 86400 / 365.0
    declination = (
        *(0.006918 - 0.399912 * np.cos(g) + 0.070257 * np.sin(g),),
        *(-0.006758 * np.cos(2 * g) + 0.000907 * np.sin(2 * g),),
        *(-0.002697 * np.cos(3 * g) + 0.00148 * np.sin(3 * g),),
    )
    delta = sum(declination)
    minutes = 229.18 * (
        0.000075 + 0.001868 * np.cos(g) - 0.032077 * np.sin(g)
        - 0.014615 * np.cos(2 * g) - 0.04089 * np.sin(2 * g)
    )  # fmt: skip
    closeness = 1.00011 + 0.034221 * np.cos(g) + 0.00128 * np.sin(g) + 0.000719 * np.cos(2 * g)
    east = np.radians(longitude) + 2 * np.pi * ((moments % 86400) / 86400 - 0.5 + minutes / 1440)
    up = np.array([np.cos(np.radians(latitude)), np.sin(np.radians(latitude))])
    sine = up[0] * np.cos(delta) * np.cos(east) + up[1] * np.sin(delta)
    return 1367 * 3.6 * (closeness * np.maximum(0, sine)).max(axis=1)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        pytest.param(0.0, -51.0, id="equator"),
        pytest.param(2.8, -60.7, id="north of it"),
        pytest.param(-33.7, -53.4, id="33 S"),
        pytest.param(-8.1, -34.9, id="the east"),
        pytest.param(-7.6, -72.7, id="the west"),
        pytest.param(-84.0, -79.5, id="Antarctica"),
    ],
)
@pytest.mark.parametrize("day", ["2024-01-01", "2024-03-21", "2024-06-21", "2024-10-31"])
def test_the_sun_of_the_warehouse_is_the_sun(latitude: float, longitude: float, day: str) -> None:
    hours = np.arange(np.datetime64(day, "h"), np.datetime64(day, "h") + 24)
    found = _sun_by_sql(latitude, longitude, hours)
    expected = _sun_by_vectors(latitude, longitude, hours)
    # 60 kJ/m² are what a low sun gains in three minutes; FAO's declination is up to 1.5 degrees
    # off in October, which counts where the sun goes round at one height.
    np.testing.assert_allclose(found, expected, atol=60 if latitude > -60 else 120)
    assert (found >= 0).all()


def test_night_is_exactly_zero() -> None:
    hours = np.arange(np.datetime64("2024-06-21T00"), np.datetime64("2024-06-22T00"))
    # Santa Vitória do Palmar: sun from 10:27 to 20:33 UTC; midnight sun and polar night at C891.
    sun = _sun_by_sql(-33.7, -53.4, hours)
    assert np.flatnonzero(sun > 0).tolist() == list(range(11, 22))
    assert (sun[[*range(11), 22, 23]] == 0).all()
    assert (_sun_by_sql(-84.0, -79.5, hours) == 0).all()
    summer = np.arange(np.datetime64("2024-12-21T00"), np.datetime64("2024-12-22T00"))
    assert (_sun_by_sql(-84.0, -79.5, summer) > 0).all()


def test_the_hour_of_the_sun_is_the_hour_that_ends_at_its_label() -> None:
    # At 45 W the sun is highest near 15:00 UTC, in November 16 minutes before.
    hours = np.arange(np.datetime64("2024-11-03T00"), np.datetime64("2024-11-04T00"))
    assert np.argmax(_sun_by_sql(-15.0, -45.0, hours)) == 15
