import numpy as np
import pytest

from inmet_platform.model.contenders import (
    FEWEST_HOURS,
    climatology,
    markov,
    markov_by_amount,
    persistence,
)
from inmet_platform.model.grid import Grid
from inmet_platform_tests.model.synthetic import examples_with, grid_with

YEAR: Grid = grid_with(np.zeros((2, 366 * 24), np.float32))
ANY = examples_with([0.0], [0.0])


def afternoons(days: int) -> list[float]:
    """Rain follows only in the hours 15 and 16."""
    return [2.0 if hour % 24 in (15, 16) else 0.0 for hour in range(days * 24)]


MONTH = examples_with([0.0] * 30 * 24, afternoons(30))


def at(*hours: int, station: int = 0) -> np.ndarray:
    test = examples_with(
        [0.0] * len(hours), [0.0] * len(hours), hour=list(hours), station=[station] * len(hours)
    )
    return climatology(YEAR, MONTH, test, 0.0)


def test_persistence_says_what_is_now_and_takes_a_missing_hour_as_dry() -> None:
    now = examples_with([0.0, 0.2, 5.0, 5.2, np.nan], [0.0] * 5)
    assert persistence(YEAR, ANY, now, 0.0).tolist() == [0, 1, 1, 1, 0]
    assert persistence(YEAR, ANY, now, 5.0).tolist() == [0, 0, 0, 1, 0]


def test_climatology_is_the_frequency_at_that_hour_of_that_month_at_the_station() -> None:
    assert at(14, 15, 16, 17).tolist() == [0.0, 1.0, 1.0, 0.0]


def test_climatology_of_an_unknown_month_or_station_is_that_of_the_hour() -> None:
    july = 200 * 24
    assert at(july + 14, july + 15).tolist() == [0.0, 1.0]
    assert at(14, 15, station=1).tolist() == [0.0, 1.0]


def test_climatology_of_too_few_hours_is_the_frequency_of_all() -> None:
    days = FEWEST_HOURS - 1
    train = examples_with([0.0] * days * 24, afternoons(days))
    asked = examples_with([0.0], [0.0], hour=[15])
    assert climatology(YEAR, train, asked, 0.0).tolist() == pytest.approx([2 / 24])


def test_markov_is_the_frequency_after_the_present_class() -> None:
    train = examples_with([0, 0, 0, 0, 1, 1, np.nan], [0, 0, 0, 1, 1, 0, 0])
    now = examples_with([0.0, 4.0, np.nan], [0.0] * 3)
    assert markov(YEAR, train, now, 0.0).tolist() == [0.25, 0.5, 0.0]


def test_markov_after_an_unknown_class_is_the_frequency_of_all() -> None:
    train = examples_with([0, 0, 0, 1], [0, 0, 1, 1])
    assert markov(YEAR, train, examples_with([60.0], [0.0]), 0.0).tolist() == [0.5]


def test_markov_by_amount_tells_the_last_tip_from_a_shower() -> None:
    train = examples_with([0.2, 0.2, 4.0, 4.0, np.nan], [0.0, 0.0, 1.0, 1.0, 1.0])
    now = examples_with([0.2, 3.0, np.nan], [0.0] * 3)
    assert markov_by_amount(YEAR, train, now, 0.0).tolist() == [0.0, 1.0, 1.0]
    assert markov(YEAR, train, now, 0.0).tolist()[:2] == [0.5, 0.5]
