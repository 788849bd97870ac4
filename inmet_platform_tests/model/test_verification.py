import math
from dataclasses import replace

import numpy as np
import pytest

from inmet_platform.model.verification import (
    REFERENCES,
    SCORES_WITH_INTERVAL,
    Forecasts,
    Verdict,
    verify,
)


def forecasts(observed: list[bool], said: list[float], reference: float = 0.5) -> Forecasts:
    count = len(observed)
    return Forecasts(
        threshold_mm=0.0,
        observed=np.array(observed),
        probability={
            "model": np.array(said),
            **{name: np.full(count, reference) for name in REFERENCES},
        },
        decision_threshold=dict.fromkeys(("model", *REFERENCES), 0.6),
        hour=np.arange(count),
    )


def verdicts(made: Forecasts, **parts: np.ndarray) -> dict[tuple[str, str], Verdict]:
    everything = {"all": np.ones(len(made.observed), bool), **parts}
    return {(it.part, it.contender): it for it in verify(made, everything)}


def drawn(weeks: int, seed: int = 0) -> Forecasts:
    rng = np.random.default_rng(seed)
    truth = np.clip(np.repeat(rng.uniform(0.02, 0.4, weeks), 168), 0, 1)
    observed = rng.random(weeks * 168) < truth
    said = np.clip(truth + 0.4 * observed + rng.normal(0, 0.1, len(truth)), 0, 1)
    return forecasts(observed.tolist(), said.tolist(), reference=float(observed.mean()))


def test_scores_by_hand() -> None:
    found = verdicts(forecasts([True, True, False, False], [0.9, 0.5, 0.7, 0.1]))["all", "model"]
    assert (found.hours, found.events, found.threshold_mm) == (4, 2, 0.0)
    brier = (0.01 + 0.25 + 0.49 + 0.01) / 4
    assert found.scores["brier"] == pytest.approx(brier)
    assert found.scores["skill_against_markov"] == pytest.approx(1 - brier / 0.25)
    # One hit, one miss, one false alarm, one quiet hour.
    assert [found.scores[name] for name in ("pod", "far", "csi", "hss")] == pytest.approx(
        [1 / 2, 1 / 2, 1 / 3, 0.0]
    )
    assert found.scores["average_precision"] == pytest.approx((1 + 2 / 3) / 2)


@pytest.mark.parametrize("score", SCORES_WITH_INTERVAL)
def test_an_interval_contains_its_score(score: str) -> None:
    found = verdicts(drawn(20))["all", "model"]
    low, high = found.interval[score]
    assert low < found.scores[score] < high


def test_an_interval_contains_the_average_precision_of_an_event_of_one_hour_in_a_thousand() -> None:
    rng = np.random.default_rng(0)
    observed = rng.random(400 * 168) < 0.001
    background, signal = rng.gamma(0.3, [[0.004], [0.02]], (2, len(observed)))
    said = np.clip(background + observed * signal, 0, 1)
    found = verdicts(forecasts(observed.tolist(), said.tolist(), reference=0.001))["all", "model"]
    low, high = found.interval["average_precision"]
    assert low < found.scores["average_precision"] < high


@pytest.mark.parametrize("score", SCORES_WITH_INTERVAL)
def test_more_weeks_make_an_interval_narrower(score: str) -> None:
    few, many = (verdicts(drawn(weeks))["all", "model"].interval[score] for weeks in (8, 128))
    assert many[1] - many[0] < 0.6 * (few[1] - few[0])


def test_hours_that_rain_together_are_drawn_together() -> None:
    """Hours drawn one by one would promise an interval some times as narrow."""
    made = drawn(20)
    by_week = verdicts(made)["all", "markov"].interval["brier"]
    hourly = replace(made, hour=made.hour // 4 * 168)
    by_hours = verdicts(hourly)["all", "markov"].interval["brier"]
    assert by_hours[1] - by_hours[0] < 0.7 * (by_week[1] - by_week[0])


def test_one_week_has_no_spread() -> None:
    low, high = verdicts(drawn(1))["all", "model"].interval["brier"]
    assert low == pytest.approx(high)


def test_parts_are_scored_by_themselves_without_intervals_and_empty_ones_not_at_all() -> None:
    made = forecasts([True, False, True, False], [1.0, 0.0, 0.0, 1.0])
    first = np.array([True, True, False, False])
    found = verdicts(made, first=first, last=~first, none=np.zeros(4, bool))
    assert found["first", "model"].scores["brier"] == 0
    assert found["last", "model"].scores["brier"] == 1
    assert found["first", "model"].interval == {}
    assert {part for part, _ in found} == {"all", "first", "last"}


def test_without_any_rain_what_has_no_meaning_is_nan_and_nothing_fails() -> None:
    found = verdicts(forecasts([False] * 400, [0.1] * 400, reference=0.0))["all", "model"]
    for name in ("pod", "csi", "average_precision", "skill_against_markov"):
        assert math.isnan(found.scores[name])
        assert all(math.isnan(bound) for bound in found.interval[name]), name
    assert found.scores["brier"] == pytest.approx(0.01)
