import numpy as np
import pytest

from inmet_platform.model.windows import (
    change,
    hours_since,
    lag,
    rolling_max,
    rolling_mean,
    rolling_sum,
    same_hour_mean,
)
from inmet_platform_tests.model.synthetic import listed, matrix

RAIN = [0.0, 0.2, 1.0, None, 0.0, 6.0, 0.0, 0.0]
TWO = matrix(RAIN, [1.0] * 8)


def test_a_lag_is_the_value_of_that_many_hours_before_and_never_of_another_station() -> None:
    assert listed(lag(TWO, 2)) == [
        [None, None, 0.0, 0.2, 1.0, None, 0.0, 6.0],
        [None, None, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0],
    ]


@pytest.mark.parametrize("hours", [7, 8, 9, 15, 16, 17, 100])
def test_windows_longer_than_all_there_is_are_missing(hours: int) -> None:
    whole = matrix([1.0] * 8)
    assert np.isnan(lag(whole, hours)[:, :7]).all()
    assert np.isnan(rolling_sum(whole, hours)[:, :6]).all()
    assert np.isnan(rolling_mean(whole, hours, at_least=0.5)[:, :3]).all()


def test_a_change_is_missing_when_either_end_is() -> None:
    assert listed(change(matrix([900.0, 901.0, None, 906.0, 910.0]), 1)) == [
        [None, 1.0, None, None, 4.0]
    ]


def test_a_total_is_missing_when_an_hour_of_its_window_is() -> None:
    assert listed(rolling_sum(TWO, 3)) == [
        [None, None, 1.2, None, None, None, 6.0, 6.0],
        [None, None, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0],
    ]


def test_a_mean_takes_what_its_window_holds_if_that_is_enough() -> None:
    assert listed(rolling_mean(matrix([2.0, None, 4.0, None, None, 9.0]), 4, at_least=0.5)) == [
        [None, None, 3.0, 3.0, None, 6.5]
    ]
    assert listed(rolling_mean(matrix([None, 2.0]), 4, at_least=0.0)) == [[None, 2.0]]


def test_a_total_of_tenths_is_exact_after_years_of_rain() -> None:
    values = np.full((1, 200_000), 33.3, np.float32)
    values[0, -3:] = 0.2
    assert rolling_sum(values, 3)[0, -1] == pytest.approx(0.6, abs=1e-6)


def test_hours_since_count_up_from_the_last_time_and_stop_at_the_longest() -> None:
    assert listed(hours_since(matrix([1.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0]), 3)) == [
        [0, 1, 2, 0, 1, 2, 3, 3]
    ]


def test_hours_since_are_unknown_until_it_happens_or_the_longest_time_has_passed() -> None:
    dry = [0.0, 0.0, 0.0, 0.0, None, 0.0, 0.0, 0.0, 0.0]
    assert listed(hours_since(matrix(dry), 3)) == [
        [None, None, 3, 3, None, None, None, 3, 3],
    ]
    assert listed(hours_since(matrix([1.0, None, 0.0, 5.0, 0.0]), 3)) == [[0, None, None, 0, 1]]


def test_the_highest_is_of_what_a_window_holds() -> None:
    assert listed(rolling_max(matrix([0.0, 3.0, None, 1.0, None, None, None]), 3)) == [
        [0.0, 3.0, 3.0, 3.0, 1.0, 1.0, None]
    ]


def test_the_mean_of_an_hour_of_the_day_is_of_the_days_before_if_half_of_them_have_it() -> None:
    values = np.full((1, 24 * 4 + 1), 50.0, np.float32)
    values[0, ::24] = [2.0, 4.0, np.nan, 9.0, 100.0]
    means = listed(same_hour_mean(values, 3)[:, ::24])
    assert means == [[None, None, 3.0, 3.0, 6.5]]
    assert listed(same_hour_mean(values, 3)[:, 49:51]) == [[50.0, 50.0]]
