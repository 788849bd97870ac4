import math

import numpy as np
import pytest

from inmet_platform.model.scores import (
    average_precision,
    best_threshold,
    brier,
    expected_calibration_error,
    macro_f1,
    reliability,
    skill,
    yes_no_scores,
)

YES, NO = True, False


def bools(hits: int, misses: int, alarms: int, quiet: int) -> tuple[np.ndarray, np.ndarray]:
    pairs = [(YES, YES)] * hits + [(YES, NO)] * misses + [(NO, YES)] * alarms + [(NO, NO)] * quiet
    observed, forecast = zip(*pairs, strict=True)
    return np.array(observed), np.array(forecast)


def test_scores_of_finleys_tornado_forecasts() -> None:
    # Finley 1884, the textbook table: 28 hits, 23 misses, 72 false alarms, 2680 quiet days.
    scores = yes_no_scores(*bools(28, 23, 72, 2680))
    assert {name: round(value, 3) for name, value in scores.items()} == {
        "pod": 0.549,
        "far": 0.720,
        "csi": 0.228,
        "hss": 0.355,
    }


@pytest.mark.parametrize(
    ("table", "meaningless"),
    [
        pytest.param((0, 0, 0, 5), {"pod", "far", "csi", "hss"}, id="never rained, never said"),
        pytest.param((0, 3, 0, 5), {"far"}, id="never said"),
        pytest.param((0, 0, 2, 5), {"pod"}, id="never rained"),
    ],
)
def test_a_score_without_meaning_is_nan(
    table: tuple[int, int, int, int], meaningless: set[str]
) -> None:
    scores = yes_no_scores(*bools(*table))
    assert {name for name, value in scores.items() if math.isnan(value)} == meaningless


def test_brier_score_and_skill_by_hand() -> None:
    observed = np.array([True, False, False, True])
    score = brier(observed, np.array([0.9, 0.2, 0.0, 0.5]))
    assert score == pytest.approx((0.01 + 0.04 + 0.0 + 0.25) / 4)
    assert skill(score, 0.15) == pytest.approx(0.5)
    assert math.isnan(skill(score, 0.0))


def test_average_precision_by_hand() -> None:
    observed = np.array([True, False, True, False])
    probability = np.array([0.9, 0.8, 0.7, 0.1])
    assert average_precision(observed, probability) == pytest.approx((1 / 1 + 2 / 3) / 2)
    assert math.isnan(average_precision(np.zeros(4, bool), probability))


def test_macro_f1_counts_a_rare_class_as_much_as_dry_hours() -> None:
    observed = np.array([0, 0, 0, 0, 1, 1, 2], np.int8)
    forecast = np.array([0, 0, 0, 0, 1, 0, 1], np.int8)
    # F1 by hand: 8/9, 1/2, 0.
    assert macro_f1(observed, forecast) == pytest.approx((8 / 9 + 1 / 2 + 0) / 3)


def test_threshold_is_the_one_with_the_highest_csi() -> None:
    observed = np.array([True, True, False, False])
    assert best_threshold(observed, np.array([0.62, 0.305, 0.295, 0.1])) == 0.30


def test_threshold_without_any_rain_is_the_lowest() -> None:
    assert best_threshold(np.zeros(3, bool), np.zeros(3)) == 0.05


def test_expected_calibration_error_by_hand() -> None:
    # Two classes of two hours: said 0.1 and 0.3, seen 0; said 0.6 and 0.8, seen 1/2.
    probability = np.array([0.1, 0.3, 0.6, 0.8])
    observed = np.array([False, False, True, False])
    error = expected_calibration_error(observed, probability, classes=2)
    assert error == pytest.approx((0.2 * 2 + 0.2 * 2) / 4)
    assert math.isnan(expected_calibration_error(observed[:0], probability[:0]))


def test_a_calibrated_forecast_has_a_small_error_and_a_shifted_one_its_shift() -> None:
    rng = np.random.default_rng(0)
    truth = rng.uniform(0, 0.8, 40_000)
    observed = rng.random(len(truth)) < truth
    assert expected_calibration_error(observed, truth) < 0.015
    assert expected_calibration_error(observed, truth + 0.2) == pytest.approx(0.2, abs=0.01)


def test_reliability_is_said_seen_and_hours_of_filled_classes() -> None:
    probability = np.array([0.01, 0.03, 0.52, 1.0])
    made = reliability(np.array([False, True, True, True]), probability)
    assert made.tolist() == [
        pytest.approx([0.02, 0.5, 2]),
        pytest.approx([0.52, 1.0, 1]),
        pytest.approx([1.0, 1.0, 1]),
    ]
