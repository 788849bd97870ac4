import numpy as np
import pytest

from inmet_platform.model.scores import compare

WEEKS = 12
HOUR = np.arange(WEEKS * 168)
WEEK = HOUR // 168


def drawn(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = rng.uniform(0, 0.6, len(WEEK))
    return rng.random(len(WEEK)) < truth, truth


def test_the_truth_is_better_than_a_blur_of_it_and_the_blur_is_worse() -> None:
    observed, truth = drawn()
    blur = 0.5 * truth + 0.15
    found, turned = compare(observed, truth, blur, HOUR), compare(observed, blur, truth, HOUR)
    assert (found.verdict, turned.verdict) == ("better", "worse")
    assert found.difference == pytest.approx(-turned.difference)
    assert found.low < found.difference < found.high
    assert "the new model is better: Brier score lower by +0.0" in found.sentence


def test_the_difference_is_that_of_the_brier_scores() -> None:
    observed = np.array([True, False])
    found = compare(observed, np.array([1.0, 0.5]), np.array([0.0, 0.5]), np.array([0, 168]))
    assert found.difference == pytest.approx(0.5)


def test_equal_models_and_those_that_differ_by_chance_are_no_different() -> None:
    observed, truth = drawn()
    shaken = truth + 0.005 * (-1.0) ** WEEK
    for other in (truth, shaken):
        found = compare(observed, other, truth, HOUR)
        assert found.verdict == "no different"
        assert "no different" in found.sentence


def test_one_good_week_among_many_is_not_enough() -> None:
    observed, truth = drawn()
    new = np.where(WEEK == 3, observed, truth).astype(float)
    found = compare(observed, new, truth, HOUR)
    assert found.difference > 0
    assert found.verdict == "no different"


def test_weeks_without_hours_are_not_drawn() -> None:
    observed, truth = drawn()
    apart = compare(observed, truth, 0.5 * truth + 0.15, HOUR + 4 * 168 * WEEK)
    assert apart == compare(observed, truth, 0.5 * truth + 0.15, HOUR)
