"""On which hours a new model and the champion are compared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inmet_platform.model.blocks import PURGE_H
from inmet_platform.model.card import model_card
from inmet_platform.model.challenge import (
    FEWEST_WEEKS,
    Challenge,
    Seen,
    challenge,
    seen_by,
    seen_until,
)
from inmet_platform.model.scores import Comparison, compare
from inmet_platform_tests.model.synthetic import hours_from, synthetic_model

MAY, JUNE = np.datetime64("2024-05-01T00", "h"), np.datetime64("2024-06-01T00", "h")
PERIODS = {
    "train": "2024-05-01T00 to 2024-05-20T00",
    "calibration": "2024-05-23T00 to 2024-06-01T00",
    "test": "2024-06-04T00 to 2024-07-01T00",
}


@pytest.mark.parametrize(
    ("hour", "left"),
    [
        pytest.param(MAY - PURGE_H - 1, True, id="before, far enough"),
        pytest.param(MAY - PURGE_H, False, id="before, in the weather of the first hour"),
        pytest.param(MAY, False, id="the first hour"),
        pytest.param(np.datetime64("2024-05-21T12", "h"), False, id="between its blocks"),
        pytest.param(JUNE, False, id="the last hour"),
        pytest.param(JUNE + PURGE_H, False, id="after, in the weather of the last hour"),
        pytest.param(JUNE + PURGE_H + 1, True, id="after, far enough"),
    ],
)
def test_hours_of_fitting_and_calibration_are_seen_and_those_near_them(
    hour: np.datetime64, left: bool
) -> None:
    seen = seen_by(PERIODS)
    assert seen == Seen(MAY, JUNE)
    assert seen.leaves(np.array([hour])).tolist() == [left]


@pytest.mark.parametrize(
    "periods",
    [
        {},
        {"train": PERIODS["train"]},
        {**PERIODS, "train": "none"},
        {**PERIODS, "calibration": "2024-05-23T00"},
        {**PERIODS, "train": None},
    ],
)
def test_what_tells_no_periods_tells_nothing_of_what_was_seen(periods: dict[str, str]) -> None:
    assert seen_by(periods) is None


def test_of_a_model_without_a_record_every_hour_until_a_moment_counts_as_seen() -> None:
    hours = hours_from("1961-01-01T00", 3)
    assert not seen_until(JUNE).leaves(hours).any()
    assert seen_until(hours[0]).leaves(np.array([JUNE])).all()


def test_a_champion_that_knows_hours_by_heart_does_not_win_by_them() -> None:
    model = synthetic_model()
    observed, times = model.evaluation.observed, model.test_times
    unseen = times > times.min() + 24 * 5
    by_heart = np.where(unseen, 0.9, observed)
    found = challenge(model, "version 3", by_heart, unseen, fewest=1)
    assert found.comparison
    assert found.comparison.verdict == "better"
    assert found.hours == len(np.unique(times[unseen]))
    assert (found.first, found.last) == (str(times.min() + 24 * 5 + 1), str(times.max()))
    everywhere = challenge(model, "version 3", by_heart, np.ones(len(times), bool), fewest=1)
    assert everywhere.comparison
    assert everywhere.comparison.difference < found.comparison.difference


def wins(weeks: int, tries: int = 600) -> float:
    """How often a model wins that is as good: its weeks are better or worse by chance."""
    rng = np.random.default_rng(0)
    hour = np.arange(weeks * 168, step=24)
    dry = np.zeros(len(hour), bool)
    won = 0
    for _ in range(tries):
        gain = np.repeat(rng.normal(0, 0.05, weeks), 7)
        found = compare(dry, np.full(len(hour), 0.5), np.sqrt(0.25 + gain), hour)
        won += found.verdict == "better"
    return won / tries


def test_with_fewer_weeks_chance_makes_a_champion_too_often() -> None:
    assert wins(FEWEST_WEEKS) <= 0.12, "some one in ten, twice what is meant"
    assert wins(3) > 0.13


COMPARED = Challenge(
    "version 3", 1392, 12, "2024-11-04T00", "2024-12-31T22", Comparison(0.00123, 0.0002, 0.0031)
)


@pytest.mark.parametrize(
    ("challenged", "card", "sentence"),
    [
        pytest.param(None, "Não havia modelo em uso.", None, id="the first model"),
        pytest.param(
            COMPARED,
            "Comparado com a versão 3 em 1,392 horas de 12 estação(ões), 2024-11-04T00 a "
            "2024-12-31T22 (UTC), que nenhum dos dois viu em ajuste ou calibração: melhor; "
            "Brier menor em +0.00123 [+0.00020, +0.00310].",
            "beside version 3, on 1,392 hours that neither was fitted or calibrated on "
            "(2024-11-04T00 to 2024-12-31T22 UTC, 12 station(s)), the new model is better",
            id="compared",
        ),
        pytest.param(
            replace(COMPARED, hours=120, comparison=None),
            "Sem comparação com a versão 3: há 120 horas de 12 estação(ões), 2024-11-04T00 a "
            "2024-12-31T22, que nenhum dos dois viu em ajuste ou calibração; são precisas 1,008.",
            "not compared with version 3: expected at least 1,008 hours (6 weeks) that neither was "
            "fitted or calibrated on; found 120 (2024-11-04T00 to",
            id="too few",
        ),
        pytest.param(
            Challenge("version 3", 0, 0, "", "", None),
            "Sem comparação com a versão 3: há 0 horas, que nenhum dos dois viu",
            "found 0",
            id="none",
        ),
    ],
)
def test_card_summary_and_sentence_tell_the_hours_compared(
    challenged: Challenge | None, card: str, sentence: str | None
) -> None:
    model = synthetic_model()
    assert card in model_card(model, challenged)
    told = model.summary("4", "", challenged)["challenge"]
    if challenged is None:
        assert told is None
        return
    assert sentence
    assert sentence in challenged.sentence
    assert (told["against"], told["hours"]) == ("version 3", challenged.hours)
    assert (told["verdict"] is None) == (challenged.comparison is None)
    assert told["first_hour"] == (challenged.first or None)
