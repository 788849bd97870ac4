import pytest

from inmet_platform.model.baselines import climatology, markov, persistence
from inmet_platform_tests.model.made import known

# Two days: rain follows only in the hours 15 and 16.
TWO_DAYS = known([0] * 48, [2 if hour % 24 in (15, 16) else 0 for hour in range(48)])


def test_persistence_says_what_is_now_and_takes_a_missing_hour_as_dry() -> None:
    assert persistence(known([0, 1, 4, -1], [0, 0, 0, 0])).tolist() == [0.0, 1.0, 1.0, 0.0]


def test_climatology_is_the_frequency_at_that_hour_of_that_month() -> None:
    test = known([0, 0, 0], [0, 0, 0], first="2020-01-20T14")
    assert climatology(TWO_DAYS, test).tolist() == [0.0, 1.0, 1.0]


def test_climatology_of_an_unknown_month_is_that_of_the_hour() -> None:
    test = known([0, 0], [0, 0], first="2020-07-01T14")
    assert climatology(TWO_DAYS, test).tolist() == [0.0, 1.0]


def test_climatology_of_an_unknown_hour_is_the_frequency_of_all() -> None:
    morning = known([0] * 4, [0, 1, 0, 1])
    assert climatology(morning, known([0], [0], first="2020-07-01T14")).tolist() == [0.5]


def test_markov_is_the_frequency_after_the_present_class() -> None:
    train = known([0, 0, 0, 0, 1, 1, -1], [0, 0, 0, 1, 1, 0, 0])
    assert markov(train, known([0, 1, -1], [0, 0, 0])).tolist() == [0.25, 0.5, 0.0]


def test_markov_after_an_unknown_class_is_the_frequency_of_all() -> None:
    train = known([0, 0, 0, 1], [0, 0, 1, 1])
    assert markov(train, known([4], [0])).tolist() == pytest.approx([0.5])
