import numpy as np
import pandas as pd
import pytest

from inmet_platform.inmet.readers import read_observations
from inmet_platform.inmet.schema import VARIABLE_NAMES
from inmet_platform.model.blocks import split
from inmet_platform.model.features import examples
from inmet_platform.model.scoring import probability_of_rain
from inmet_platform.model.training import (
    PARAMETERS,
    NotEnoughData,
    RainModel,
    fingerprint,
    train,
)
from inmet_platform_tests.files import A001_2020, needs_inmet_files
from inmet_platform_tests.model.made import observations, sample_observations


@pytest.fixture(scope="module")
def year() -> pd.DataFrame:
    return sample_observations()


@pytest.fixture(scope="module")
def model(year: pd.DataFrame) -> RainModel:
    return train(year)


def test_model_beats_what_costs_nothing_on_the_synthetic_year(model: RainModel) -> None:
    for contender in ("persistence", "climatology", "markov"):
        assert model.scores["model_brier"] < model.scores[f"{contender}_brier"]
        assert (
            model.scores["model_average_precision"] > model.scores[f"{contender}_average_precision"]
        )
    assert model.scores["skill_against_markov"] > 0.1


@needs_inmet_files
def test_model_ranks_hours_better_than_the_baselines_on_a_real_year() -> None:
    table = read_observations(A001_2020.read_bytes(), file=A001_2020.name).table
    frame = table.to_pandas().dropna(how="all", subset=list(VARIABLE_NAMES))
    scores = train(frame).scores
    for contender in ("persistence", "climatology", "markov"):
        assert scores["model_average_precision"] > scores[f"{contender}_average_precision"]
        assert scores["model_brier"] < scores[f"{contender}_brier"]


def test_probabilities_are_one_column_a_class_and_sum_to_one(
    model: RainModel, year: pd.DataFrame
) -> None:
    test = split(examples(year)).test
    probabilities = model.estimator.predict_proba(test.features)
    assert probabilities.shape == (len(test.hours), len(model.parameters["classes"].split(", ")))
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0)
    rain = probability_of_rain(model.estimator, test.features)
    np.testing.assert_allclose(rain, 1.0 - probabilities[:, 0])
    assert model.scores["test_hours"] == len(test.hours)
    assert model.scores["test_wet_hours"] == (test.rain_class_next > 0).sum()


def test_the_same_data_gives_the_same_model_whatever_the_order_of_rows(
    model: RainModel, year: pd.DataFrame
) -> None:
    again = train(year.sample(frac=1, random_state=3))
    assert again.scores == model.scores
    assert again.parameters == model.parameters


def test_fingerprint_changes_with_a_single_value_or_parameter(
    year: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fingerprint(year)
    changed = year.copy()
    changed.loc[changed.index[100], "temperature_c"] += 0.1
    assert fingerprint(changed) != before
    monkeypatch.setitem(PARAMETERS, "learning_rate", 0.1)
    assert fingerprint(year) != before


def test_two_stations_train_together(year: pd.DataFrame) -> None:
    other = sample_observations(2023).assign(station_id="A002")
    both = train(pd.concat([year, other]))
    assert both.parameters["stations"] == 2


def wet_days(wet: range, days: int = 100) -> list[float]:
    """One wet hour on each day of `wet`."""
    return [2.0 if hour // 24 in wet and hour % 24 == 18 else 0.0 for hour in range(days * 24)]


SHORTAGES = [
    pytest.param(observations([]), "at least 1440 hours.*found 0", id="nothing"),
    pytest.param(observations(wet_days(range(59), 59)), "at least 1440 hours", id="59 days"),
    pytest.param(observations([np.nan] * 2400), "at least 1440 hours.*found 0", id="no rain gauge"),
    pytest.param(
        observations(wet_days(range(120), 120)).iloc[::2], "found 0", id="no two hours in a row"
    ),
    pytest.param(observations([0.0] * 2400), "in the train block.*found 0 with rain", id="dry"),
    pytest.param(observations([0.2] * 2400), "in the train block", id="always wet"),
    pytest.param(
        observations(wet_days(range(50))), "in the validation block", id="dry from day 50"
    ),
    pytest.param(observations(wet_days(range(70))), "in the test block", id="dry from day 70"),
]


@pytest.mark.parametrize(("frame", "sentence"), SHORTAGES)
def test_data_too_poor_to_learn_from_are_told_with_what_to_do(
    frame: pd.DataFrame, sentence: str
) -> None:
    with pytest.raises(NotEnoughData, match=sentence) as shortage:
        train(frame)
    assert shortage.value.remedy
    assert not shortage.value.transient


def test_a_class_unseen_in_training_does_not_stop_it() -> None:
    rain = wet_days(range(100))
    rain[70 * 24] = rain[90 * 24] = 60.0
    model = train(observations(rain))
    assert model.parameters["classes"] == "sem chuva, fraca"
