from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skops.io import dumps, loads
from skops.io.exceptions import UntrustedTypesFoundException

from inmet_platform.model.classifier import (
    FEWEST_EVENTS,
    THRESHOLDS_MM,
    RainClassifier,
    class_probabilities,
)
from inmet_platform.model_registry.registry import TRUSTED_TYPES


def drawn(count: int, seed: int, *, wet: float = 0.3) -> tuple[np.ndarray, np.ndarray]:
    """A feature that tells of the rain, one that does not, and the rain."""
    rng = np.random.default_rng(seed)
    signal = rng.normal(size=count)
    rain = np.exp(1.5 * signal + rng.normal(size=count))
    rain = np.where(rain > np.quantile(rain, 1 - wet), rain, 0.0)
    features = np.column_stack([signal, rng.normal(size=count)]).astype(np.float32)
    features[rng.random(features.shape) < 0.05] = np.nan
    return features, rain.astype(np.float32)


def fitted(
    train: tuple[np.ndarray, np.ndarray], later: tuple[np.ndarray, np.ndarray]
) -> RainClassifier:
    return RainClassifier().fit(*train, *later)


@pytest.fixture(scope="module")
def model() -> RainClassifier:
    return fitted(drawn(6000, 0), drawn(3000, 1))


rows = st.lists(
    st.tuples(*[st.floats(-1e6, 1e6, width=32) | st.just(float("nan"))] * 2),
    min_size=1,
    max_size=20,
)


@settings(max_examples=50, deadline=None)
@given(features=rows)
def test_a_higher_threshold_is_never_more_likely_and_classes_sum_to_one(
    model: RainClassifier, features: list[tuple[float, float]]
) -> None:
    exceeded = model.predict_proba(np.array(features, np.float32))
    assert exceeded.shape == (len(features), len(THRESHOLDS_MM))
    assert (np.diff(exceeded, axis=1) <= 0).all()
    assert ((exceeded > 0) & (exceeded < 1)).all()
    classes = class_probabilities(exceeded)
    assert classes.shape == (len(features), len(THRESHOLDS_MM) + 1)
    assert (classes >= 0).all()
    np.testing.assert_allclose(classes.sum(axis=1), 1.0)


def test_class_probabilities_by_hand() -> None:
    assert class_probabilities(np.array([[0.5, 0.2, 0.1]])).tolist() == [
        pytest.approx([0.5, 0.3, 0.1, 0.1])
    ]


def test_it_learns_what_the_feature_tells(model: RainClassifier) -> None:
    low, high = model.predict_proba(np.array([[-2.0, 0.0], [2.0, 0.0]], np.float32))
    assert low[0] < 0.05
    assert high[0] > 0.8
    assert (high > low).all()
    assert model.predict(np.array([[-2.0, 0.0]], np.float32)).tolist() == [0]


def test_a_threshold_with_too_few_events_becomes_the_frequency_among_those_over_the_one_below() -> (
    None
):
    features, rain = drawn(4000, 2)
    rain[rain > 5] = 4.0
    rain[np.flatnonzero(rain)[:12]] = 6.0
    made = fitted((features, rain), drawn(2000, 3))
    wet = int((rain > 0).sum())
    exceeded = made.predict_proba(features[:50])
    frequency = (12 + 1) / (wet + 2)
    np.testing.assert_allclose(exceeded[:, 1] / exceeded[:, 0], frequency, rtol=1e-9)
    told = made.get_fit_parameters()
    assert told["over_0_mm_trees"] > 0
    assert (told["over_5_mm_trees"], told["over_25_mm_trees"]) == (0, 0)


def test_without_any_event_no_probability_is_zero() -> None:
    features, rain = drawn(1000, 4)
    exceeded = fitted((features, np.zeros_like(rain)), drawn(500, 5)).predict_proba(features[:5])
    np.testing.assert_allclose(exceeded[:, 0], 1 / 1002)
    assert (exceeded > 0).all()


@pytest.mark.parametrize(("wet_later", "sign"), [(0.6, 1), (0.1, -1)])
def test_calibration_moves_probabilities_to_what_came_later(wet_later: float, sign: int) -> None:
    train = drawn(6000, 6)
    same, other = drawn(4000, 7), drawn(4000, 7, wet=wet_later)
    asked = drawn(2000, 8)[0]
    as_before = fitted(train, same).predict_proba(asked)[:, 0].mean()
    moved = fitted(train, other).predict_proba(asked)[:, 0].mean()
    assert as_before == pytest.approx(0.3, abs=0.03)
    assert moved == pytest.approx(wet_later, abs=0.05)
    assert np.sign(moved - as_before) == sign


def test_with_too_few_later_events_nothing_is_moved() -> None:
    train, (features, rain) = drawn(3000, 9), drawn(500, 10)
    rain[np.flatnonzero(rain)[FEWEST_EVENTS - 1 :]] = 0.0
    told = fitted(train, (features, rain)).get_fit_parameters()
    assert told["over_0_mm_calibration"] == "slope 1.000, intercept +0.000"


@pytest.mark.parametrize("values", [0, 1, 20])
def test_a_feature_that_was_hardly_ever_measured_is_no_trouble_and_tells_nothing(
    values: int,
) -> None:
    """Of a lone station no neighbour's value ever is."""
    features, rain = drawn(3000, 13)
    features[values:, 1] = np.nan
    made = fitted((features, rain), drawn(1500, 14))
    asked = drawn(100, 15)[0]
    with_values, without = asked.copy(), asked.copy()
    with_values[:, 1], without[:, 1] = 7.0, np.nan
    np.testing.assert_array_equal(made.predict_proba(with_values), made.predict_proba(without))
    assert np.ptp(made.predict_proba(without)[:, 0]) > 0.3


def test_the_same_hours_give_the_same_model(model: RainClassifier) -> None:
    asked = drawn(200, 11)[0]
    again = fitted(drawn(6000, 0), drawn(3000, 1))
    np.testing.assert_array_equal(model.predict_proba(asked), again.predict_proba(asked))


def test_skops_brings_it_back_and_refuses_a_type_that_nobody_trusted(model: RainClassifier) -> None:
    data = dumps(model)
    asked = drawn(200, 12)[0]
    again = loads(data, trusted=TRUSTED_TYPES)
    np.testing.assert_array_equal(model.predict_proba(asked), again.predict_proba(asked))
    for name in TRUSTED_TYPES:
        with pytest.raises(UntrustedTypesFoundException, match=name.rpartition(".")[2]):
            loads(data, trusted=[other for other in TRUSTED_TYPES if other != name])
