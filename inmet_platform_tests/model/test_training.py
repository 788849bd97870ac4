"""What is fitted, on what, and above all on what not."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from inmet_platform.inmet.readers import read_observations
from inmet_platform.inmet.sample import sample_station_year
from inmet_platform.model.blocks import PURGE_H, Blocks, split
from inmet_platform.model.classifier import RainClassifier
from inmet_platform.model.contenders import fit_contenders
from inmet_platform.model.grid import Grid, grid_of
from inmet_platform.model.training import NotEnoughData, RainModel, fingerprint, train
from inmet_platform.model.verification import Forecasts
from inmet_platform_tests.files import A001_2020
from inmet_platform_tests.model.synthetic import changed, grid_with, matrix, part_of, synthetic_grid
from inmet_platform_tests.needs import needs_inmet_files

ABSURD = 900.0


@pytest.fixture(scope="module")
def grid() -> Grid:
    return synthetic_grid(14, 90)


@pytest.fixture(scope="module")
def blocks(grid: Grid) -> Blocks:
    return split(grid)


@pytest.fixture(scope="module")
def contenders(grid: Grid, blocks: Blocks) -> tuple[RainClassifier, list[Forecasts]]:
    return fit_contenders(grid, blocks)


@pytest.fixture(scope="module")
def model(grid: Grid) -> RainModel:
    return train(grid, dict.fromkeys(grid.station_ids.tolist()[:7], "CO"))


def brier_of(model: RainModel, contender: str) -> float:
    return model.evaluation.find(0.0, "all", contender).scores["brier"]


def test_the_model_beats_what_costs_nothing_on_made_storms(model: RainModel) -> None:
    for contender in ("persistence", "climatology", "markov", "markov_by_amount"):
        assert brier_of(model, "model") < brier_of(model, contender)
    assert model.evaluation.find(0.0, "all", "model").scores["skill_against_markov"] > 0.1


def test_it_does_so_at_stations_that_nothing_was_fitted_on(model: RainModel) -> None:
    verdict = model.evaluation.find(0.0, "held-out stations", "model")
    assert verdict.scores["skill_against_markov"] > 0.1


@needs_inmet_files
def test_it_does_so_on_a_real_year_of_one_station() -> None:
    table = read_observations(A001_2020.read_bytes(), file=A001_2020.name).table
    made = train(grid_of(table, {}))
    for contender in ("persistence", "climatology", "markov"):
        assert brier_of(made, "model") < brier_of(made, contender)


def poisoned(grid: Grid, blocks: Blocks) -> Grid:
    """Absurd values in every hour of the test block and in every hour of held-out stations."""
    where = np.zeros(grid.shape, bool)
    where[:, blocks.test.hour.min() - PURGE_H + 1 :] = True
    where[blocks.held_out] = True
    return changed(grid, where, ABSURD)


def test_nothing_that_is_fitted_has_seen_the_test_block_or_a_held_out_station(
    grid: Grid, blocks: Blocks, contenders: tuple[RainClassifier, list[Forecasts]]
) -> None:
    """Estimators, calibration, thresholds, baselines and logistic come out identical."""
    other = poisoned(grid, blocks)
    after = split(other)
    assert (after.test.rain_next_mm == ABSURD).all(), "the poison must be where it is feared"
    for clean, same in ((blocks.train, after.train), (blocks.calibration, after.calibration)):
        np.testing.assert_array_equal(clean.features, same.features)
        np.testing.assert_array_equal(clean.rain_next_mm, same.rain_next_mm)
    fitted, judged = fit_contenders(other, after)
    assert fitted.get_fit_parameters() == contenders[0].get_fit_parameters()
    same = fit_contenders(other, replace(after, test=blocks.test))[1]
    for clean, other_test, found in zip(contenders[1], judged, same, strict=True):
        assert other_test.decision_threshold == clean.decision_threshold
        for name, said in clean.probability.items():
            np.testing.assert_array_equal(found.probability[name], said, err_msg=name)


def test_poison_in_the_training_block_is_noticed(
    grid: Grid, blocks: Blocks, contenders: tuple[RainClassifier, list[Forecasts]]
) -> None:
    """Or the test above would pass for looking at nothing."""
    where = np.zeros(grid.shape, bool)
    where[~blocks.held_out, :200] = True
    after = split(changed(grid, where, ABSURD))
    assert not np.array_equal(after.train.features, blocks.train.features, equal_nan=True)
    fitted = fit_contenders(grid, after)[0]
    assert fitted.get_fit_parameters() != contenders[0].get_fit_parameters()


def test_the_periods_of_the_blocks_are_told_apart(grid: Grid, model: RainModel) -> None:
    ends = [text.split(" to ") for text in model.periods.values()]
    assert list(model.periods) == ["train", "calibration", "test"]
    for (_, earlier), (later, _) in pairwise(ends):
        assert np.datetime64(later, "h") - np.datetime64(earlier, "h") > PURGE_H
    assert model.parameters["period"] == f"{grid.hours[0]} to {grid.hours[-1]}"


def test_it_tells_what_it_was_made_of(grid: Grid, blocks: Blocks, model: RainModel) -> None:
    told = model.parameters
    assert told["stations"] == 14
    assert told["hours"] == int(grid.observed.sum())
    assert told["held_out_stations"].split() == grid.station_ids[blocks.held_out].tolist()
    assert told["features"] == len(model.feature_example.columns)
    assert told["fingerprint"] == fingerprint(grid)
    assert 0 < told["rain_threshold"] < 1
    assert told["over_0_mm_trees"] > 0


def test_the_same_grid_gives_the_same_model(grid: Grid, model: RainModel) -> None:
    again = train(grid)
    np.testing.assert_array_equal(again.prediction_example, model.prediction_example)
    assert again.parameters == model.parameters


@pytest.mark.parametrize("part", ["value", "place", "hour", "station"])
def test_a_fingerprint_changes_with_whatever_makes_the_model(grid: Grid, part: str) -> None:
    other = replace(
        grid,
        places=grid.places + (0.001 if part == "place" else 0.0),
        hours=grid.hours + (1 if part == "hour" else 0),
        station_ids=np.roll(grid.station_ids, 1 if part == "station" else 0),
        values={name: values.copy() for name, values in grid.values.items()},
    )
    if part == "value":
        other.values["temperature_c"][3, 100] = 7.25
    assert fingerprint(other) != fingerprint(grid)


def test_a_fingerprint_changes_with_the_recipe(grid: Grid, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint(grid)
    monkeypatch.setattr("inmet_platform.model.training.RECIPE_VERSION", 0)
    assert fingerprint(grid) != before


def test_the_synthetic_station_year_can_be_learned_from() -> None:
    table = read_observations(sample_station_year(2023)[1], file="sample").table
    made = train(grid_of(table, {}))
    assert made.parameters["held_out_stations"] == "none"
    assert brier_of(made, "model") < brier_of(made, "persistence")


def wet_days(wet: range, days: int = 100) -> list[float]:
    """One wet hour on each day of `wet`."""
    return [2.0 if hour // 24 in wet and hour % 24 == 18 else 0.0 for hour in range(days * 24)]


SHORTAGES = [
    pytest.param(wet_days(range(59), 59), "at least 1440 hours.*found 1416", id="59 days"),
    pytest.param([np.nan] * 2400, "at least 1440 hours.*found 0", id="no rain gauge"),
    pytest.param([0.0] * 2400, "in the train block.*found 0 with rain", id="dry"),
    pytest.param([0.2] * 2400, "in the train block", id="always wet"),
    pytest.param(wet_days(range(60)), "in the calibration block", id="dry from day 60"),
    pytest.param(wet_days(range(80)), "in the test block", id="dry from day 80"),
]


@pytest.mark.parametrize(("rain_mm", "sentence"), SHORTAGES)
def test_data_too_poor_to_learn_from_are_told_with_what_to_do(
    rain_mm: list[float | None], sentence: str
) -> None:
    with pytest.raises(NotEnoughData, match=sentence) as shortage:
        train(grid_with(matrix(rain_mm)))
    assert shortage.value.remedy


def test_observations_of_every_other_hour_are_too_few_whatever_their_number() -> None:
    grid = grid_with(np.zeros((1, 4000), np.float32))
    for values in grid.values.values():
        values[0, ::2] = np.nan
    with pytest.raises(NotEnoughData, match=r"at least 1440 hours.*found 0"):
        train(grid)


def test_a_class_unseen_in_training_does_not_stop_it(grid: Grid) -> None:
    quiet = part_of(grid, slice(0, 3))
    rain = quiet.values["precipitation_mm"]
    rain[rain > 4] = 4.0
    rain[0, -100:-90] = 60.0
    made = train(quiet)
    heavy = made.evaluation.find(25.0, "all", "model")
    assert heavy.events == 10
    assert 0 < heavy.scores["brier"] < 1
    assert made.parameters["over_25_mm_trees"] == 0
