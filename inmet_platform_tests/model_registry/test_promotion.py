"""Who is champion, in a real registry (SQLite), by constructed models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import RESOURCE_DOES_NOT_EXIST

from inmet_platform.checks.model import newest_model_is_no_worse_than_the_champion
from inmet_platform.config.settings import Settings
from inmet_platform.model.blocks import PURGE_H
from inmet_platform.model.classifier import RainClassifier
from inmet_platform.model.recipe import MODEL_NAME
from inmet_platform.model.training import RainModel, train
from inmet_platform.model_registry import registry
from inmet_platform.model_registry.promotion import (
    KEPT,
    OUTCOME,
    PROMOTED,
    REASON,
    WORSE,
    Promotion,
    list_versions,
    register_challenger,
)
from inmet_platform.resources.mlflow import MlflowTracking
from inmet_platform_tests.embedded import write_home
from inmet_platform_tests.model.synthetic import LONG_GRID, long_model, part_of

Change = Callable[[Any], Any]


@pytest.fixture(autouse=True)
def _no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of some thirty models; that they are drawn is proved elsewhere."""
    monkeypatch.setattr("inmet_platform.model.plots.draw", lambda _: {})


@pytest.fixture(scope="module")
def tracking(
    tmp_path_factory: pytest.TempPathFactory, with_model_store: Callable[[Settings], Settings]
) -> MlflowTracking:
    """One store for all."""
    settings = with_model_store(write_home(tmp_path_factory.mktemp("mlflow")))
    return MlflowTracking(home=str(settings.home))


@pytest.fixture(autouse=True)
def client(tracking: MlflowTracking) -> MlflowClient:
    """With nothing registered."""
    client = tracking.client()
    if client.search_registered_models():
        client.delete_registered_model(MODEL_NAME)
    return client


def shifted(by: float, model: RainModel | None = None) -> RainModel:
    """The made model with other log-odds of rain, and the forecasts that it then makes."""
    model = model or long_model()
    estimator = RainClassifier()
    vars(estimator).update(vars(model.estimator))
    (trees, slope, intercept), *rarer = model.estimator.stages_
    estimator.stages_ = [[trees, slope, intercept + by], *rarer]
    said = estimator.predict_proba(model.test.features)[:, 0]
    probability = {**model.evaluation.probability, "model": said}
    return replace(
        model,
        estimator=estimator,
        evaluation=replace(model.evaluation, probability=probability),
    )


def enter(tracking: MlflowTracking, model: RainModel) -> Promotion:
    client = tracking.client()
    with tracking.run("test", {}) as run_id:
        return register_challenger(client, run_id, model)[1]


def champion(client: MlflowClient) -> str:
    found = registry.champion_version(client)
    assert found
    return str(found.version)


def asked(tracking: MlflowTracking) -> Any:
    return newest_model_is_no_worse_than_the_champion(tracking)


def test_the_first_model_is_the_champion(tracking: MlflowTracking, client: MlflowClient) -> None:
    assert registry.champion_version(client) is None
    assert asked(tracking).passed, "nothing is registered, nothing is wrong"
    assert enter(tracking, shifted(0.0)) == Promotion(PROMOTED, "there was no champion")
    assert champion(client) == "1"


def test_a_version_whose_run_was_deleted_is_listed_without_scores(
    tracking: MlflowTracking, client: MlflowClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(tracking, shifted(0.0))

    def gone(_: str) -> None:
        raise MlflowException("Run with id=1 not found", RESOURCE_DOES_NOT_EXIST)  # `mlflow gc`

    monkeypatch.setattr(client, "get_run", gone)
    [only] = list_versions(client)
    assert (only["version"], only["is_champion"], only["brier"]) == (1, True, None)


def test_a_worse_model_does_not_take_the_alias_and_the_check_warns(
    tracking: MlflowTracking, client: MlflowClient
) -> None:
    enter(tracking, shifted(0.0))
    ended = enter(tracking, shifted(2.0))
    assert ended.outcome == WORSE
    assert ended.reason.startswith("beside version 1, on 1,")
    assert "the new model is worse" in ended.reason
    assert champion(client) == "1"
    told = client.get_model_version(MODEL_NAME, "2").tags
    assert (told[OUTCOME], told[REASON]) == (WORSE, ended.reason)
    result = asked(tracking)
    assert not result.passed
    assert result.description == f"version 2: {WORSE}; {ended.reason}"


def test_a_better_model_takes_the_alias(tracking: MlflowTracking, client: MlflowClient) -> None:
    enter(tracking, shifted(2.0))
    ended = enter(tracking, shifted(0.0))
    assert ended.outcome == PROMOTED
    assert "the new model is better" in ended.reason
    assert champion(client) == "2"
    newest, before = list_versions(client)
    assert (newest["version"], newest["is_champion"], newest["outcome"]) == (2, True, PROMOTED)
    assert (before["version"], before["is_champion"]) == (1, False)
    run = client.get_run(client.get_model_version(MODEL_NAME, "2").run_id)
    assert newest["brier"] == run.data.metrics["over_0_mm_model_brier"]
    assert asked(tracking).passed


def test_a_model_that_cannot_be_told_from_the_champion_does_not_take_the_alias(
    tracking: MlflowTracking, client: MlflowClient
) -> None:
    enter(tracking, shifted(0.0))
    for other in (shifted(0.0), shifted(0.01)):
        ended = enter(tracking, other)
        assert ended.outcome == KEPT
        assert "no different" in ended.reason
    assert champion(client) == "1"
    assert asked(tracking).passed


def later_champion() -> RainModel:
    """Made of the later half of the hours; it saw most of the other model's test block."""
    return train(part_of(LONG_GRID, hours=slice(150 * 24, None)))


def test_a_champion_that_saw_most_of_the_test_block_is_not_compared_on_it_and_stays(
    tracking: MlflowTracking, client: MlflowClient
) -> None:
    """It would be scored on what it knows by heart; on the few hours left chance would decide."""
    other = later_champion()
    enter(tracking, shifted(2.0, other))
    ended = enter(tracking, shifted(0.0))
    seen_until = np.datetime64(other.periods["calibration"].partition(" to ")[2], "h")
    times = long_model().test_times
    left = np.unique(times[times > seen_until + PURGE_H])
    assert ended.outcome == KEPT
    assert ended.reason == (
        "not compared with version 1: expected at least 1,008 hours (6 weeks) that neither was "
        f"fitted or calibrated on; found {len(left)} ({left[0]} to {left[-1]} UTC, 4 station(s))"
    )
    assert champion(client) == "1"
    assert asked(tracking).passed


def first_hours_seen(model: RainModel, days: int) -> RainModel:
    """The model, as if its calibration had reached some days into the test block."""
    first, _, _ = model.periods["calibration"].partition(" to ")
    until = model.test_times.min() + 24 * days
    return replace(model, periods={**model.periods, "calibration": f"{first} to {until}"})


def test_only_hours_that_the_champion_has_not_seen_are_compared(
    tracking: MlflowTracking, client: MlflowClient
) -> None:
    enter(tracking, first_hours_seen(shifted(2.0), days=2))
    ended = enter(tracking, shifted(0.0))
    times = long_model().test_times
    left = np.unique(times[times > times.min() + 2 * 24 + PURGE_H])
    assert ended.outcome == PROMOTED
    assert ended.reason.startswith(
        f"beside version 1, on {len(left):,} hours that neither was fitted or calibrated on "
        f"({left[0]} to {left[-1]} UTC, 4 station(s)), the new model is better"
    )
    assert ended.challenge
    assert ended.challenge.hours == len(left) < len(np.unique(times))
    card = client.download_artifacts(
        client.get_model_version(MODEL_NAME, "2").run_id, "model_card.md"
    )
    assert f"Comparado com a versão 1 em {len(left):,} horas" in Path(card).read_text()


def without_periods(place: Path) -> None:
    """As versions were stored before they told what they were fitted on."""
    file = place / "MLmodel"
    description = yaml.safe_load(file.read_text())
    del description["metadata"]["periods"]
    file.write_text(yaml.safe_dump(description))


def test_what_an_older_champion_has_seen_stands_in_its_run(
    tracking: MlflowTracking, client: MlflowClient
) -> None:
    enter(tracking, first_hours_seen(shifted(0.0), days=30))
    without_periods(place_of(client, "1"))
    ended = enter(tracking, shifted(0.0))
    assert ended.reason.startswith("not compared with version 1: ")
    assert "nothing tells" not in ended.reason


def test_a_champion_of_which_nothing_is_known_may_have_seen_everything_and_stays(
    tracking: MlflowTracking, client: MlflowClient
) -> None:
    unknown = dict.fromkeys(long_model().periods, "none")
    enter(tracking, replace(shifted(2.0), periods=unknown))
    ended = enter(tracking, shifted(0.0))
    assert ended.outcome == KEPT
    assert "found 0; nothing tells what version 1 was fitted on, so it counts as " in ended.reason
    assert champion(client) == "1"


def test_a_training_that_was_killed_while_it_registered_is_done_again(
    tracking: MlflowTracking, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: str) -> None:
        raise KeyboardInterrupt

    fingerprint = long_model().parameters["fingerprint"]
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(MlflowClient, "set_registered_model_alias", killed)
        enter(tracking, shifted(0.0))
    client = tracking.client()
    assert registry.newest_versions(client, 1), "the version is there"
    assert registry.version_with_fingerprint(client, fingerprint) is None
    enter(tracking, shifted(0.0))
    assert registry.version_with_fingerprint(client, fingerprint) == "2"


def place_of(client: MlflowClient, version: str) -> Path:
    source = client.get_model_version(MODEL_NAME, version).source
    return Path(str(source).removeprefix("file://"))


def broken(kind: str, place: Path) -> None:
    file = place / ("MLmodel" if kind == "without its description" else "model.skops")
    assert file.is_file()
    if kind == "torn":
        file.write_bytes(file.read_bytes()[:1000])
    else:
        file.unlink()


@pytest.mark.parametrize("kind", ["torn", "gone", "without its description"])
def test_a_champion_that_cannot_be_read_is_replaced_by_one_that_beats_markov(
    tracking: MlflowTracking, client: MlflowClient, kind: str
) -> None:
    enter(tracking, shifted(0.0))
    broken(kind, place_of(client, "1"))
    ended = enter(tracking, shifted(0.0))
    assert ended.outcome == PROMOTED
    assert "version 1 cannot be asked" in ended.reason
    assert "beside Markov" in ended.reason
    assert champion(client) == "2"


def test_a_model_no_better_than_markov_does_not_replace_even_an_unreadable_champion(
    tracking: MlflowTracking, client: MlflowClient
) -> None:
    enter(tracking, shifted(0.0))
    broken("gone", place_of(client, "1"))
    assert enter(tracking, shifted(4.0)).outcome == KEPT
    assert champion(client) == "1"


def test_a_champion_with_other_features_cannot_be_asked(
    tracking: MlflowTracking, client: MlflowClient
) -> None:
    model = shifted(0.0)
    example = model.feature_example.rename(columns={"rain_mm": "an_older_name"})
    enter(tracking, replace(model, feature_example=example))
    ended = enter(tracking, model)
    assert "it was made with other features" in ended.reason
    assert champion(client) == "2"


def test_a_stored_model_comes_back_with_its_metadata(
    tracking: MlflowTracking, client: MlflowClient
) -> None:
    model = shifted(0.0)
    enter(tracking, model)
    found = registry.champion_version(client)
    assert found
    stored = registry.load(client, found)
    said = model.estimator.predict_proba(model.test.features)
    np.testing.assert_array_equal(stored.estimator.predict_proba(model.test.features), said)
    assert stored.has_features(model.test.names)
    assert not stored.has_features(model.test.names[1:])
    assert stored.metadata["rain_threshold"] == model.parameters["rain_threshold"]
    assert registry.feature_profile(client, stored.run_id) == model.feature_profile
    fingerprint = model.parameters["fingerprint"]
    assert registry.version_with_fingerprint(client, fingerprint) == stored.version
    assert registry.version_with_fingerprint(client, "0" * 64) is None
