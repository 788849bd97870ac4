import json
from dataclasses import replace

import numpy as np
import pytest

from inmet_platform.model.drift import DRIFT_LIMIT, profile, stability
from inmet_platform.model.features import Examples
from inmet_platform.model.grid import months_of
from inmet_platform_tests.model.synthetic import examples_with, hours_from


def rows(*columns: np.ndarray) -> Examples:
    values = np.column_stack(columns).astype(np.float32)
    return examples_with([0.0] * len(values), [0.0] * len(values), features=values)


# Whatever the hour of a row: of one month.
JANUARY = np.full(20_000, np.datetime64("2024-01-01T00", "h"))
JULY = np.full(20_000, np.datetime64("2024-07-01T00", "h"))


def index(before: np.ndarray, now: np.ndarray) -> float:
    return stability(profile([rows(before)], JANUARY), rows(now), JANUARY)["feature_0"]


def test_the_index_by_hand() -> None:
    tenths = np.arange(100.0)
    # All in the lowest half: each of five classes twice as full, the others empty.
    expected = 5 * (0.2 - 0.1) * np.log(2) + 5 * (1e-4 - 0.1) * np.log(1e-4 / 0.1)
    assert index(tenths, tenths / 2) == pytest.approx(expected, rel=0.05)


def test_the_same_values_have_not_drifted_and_moved_ones_have() -> None:
    values = np.random.default_rng(0).normal(size=20_000)
    again = np.random.default_rng(1).normal(size=5_000)
    assert index(values, values) == pytest.approx(0.0, abs=1e-9)
    assert index(values, again) < 0.01
    assert index(values, again + 1.5) > DRIFT_LIMIT


def test_a_feature_that_is_nearly_always_0_is_watched_by_how_often_it_is_not() -> None:
    def rain(wet: float) -> np.ndarray:
        return (np.arange(10_000) < wet * 10_000).astype(float)

    assert index(rain(0.05), rain(0.05)) == pytest.approx(0.0, abs=1e-9)
    assert index(rain(0.05), rain(0.06)) < 0.01
    assert index(rain(0.05), rain(0.4)) > DRIFT_LIMIT
    by_hand = (0.4 - 0.05) * np.log(0.4 / 0.05) + (0.6 - 0.95) * np.log(0.6 / 0.95)
    assert index(rain(0.05), rain(0.4)) == pytest.approx(by_hand)


def test_what_was_never_measured_before_or_is_not_now_has_no_index() -> None:
    nothing, values = np.full(100, np.nan), np.arange(100.0)
    expected = profile([rows(nothing, values, values)], JANUARY)
    assert expected["feature_0"]["edges"] == []
    found = stability(expected, rows(values, nothing, values), JANUARY)
    assert list(found) == ["feature_2"]


def test_a_profile_is_the_same_after_json() -> None:
    made = profile([rows(np.random.default_rng(0).normal(size=1000))], JANUARY)
    assert json.loads(json.dumps(made)) == made
    assert sum(made["feature_0"]["shares"]["1"]) == pytest.approx(1.0)


def test_a_season_is_no_drift_but_warmth_out_of_season_is() -> None:
    rng = np.random.default_rng(0)
    year = hours_from("2023-01-01T00", 366 * 24)
    month = months_of(year)
    warmth = 20 + 8 * np.cos(2 * np.pi * month / 12) + rng.normal(size=len(year))
    whole = replace(rows(warmth), hour=np.arange(len(year)))
    expected = profile([whole.where(month < 7), whole.where(month >= 7)], year)
    june = whole.where(month == 6)
    assert stability(expected, june, year)["feature_0"] < 0.01
    as_in_may = replace(june, features=june.features + 4)
    assert stability(expected, as_in_may, year)["feature_0"] > DRIFT_LIMIT


def test_a_month_that_was_seen_for_some_days_is_held_against_all_that_were_seen() -> None:
    year = hours_from("2024-01-01T00", 35 * 24)  # all of January, four days of February
    values = np.where(months_of(year) == 1, 1.0, 50.0) + np.arange(len(year)) / 1e4
    whole = replace(rows(values), hour=np.arange(len(year)))
    made = profile([whole], year)
    assert list(made["feature_0"]["shares"]) == ["1"]
    few = whole.where(whole.hour < 5 * 24)
    assert list(profile([few], year)["feature_0"]["shares"]) == ["1"], "better than nothing"


def test_a_month_that_was_never_seen_is_held_against_all_that_were() -> None:
    values = np.arange(100.0)
    expected = profile([rows(values)], JANUARY)
    assert stability(expected, rows(values), JULY) == {"feature_0": pytest.approx(0.0)}
