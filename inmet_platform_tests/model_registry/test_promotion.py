"""Who is champion, in a real registry (SQLite), by constructed models."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import RESOURCE_DOES_NOT_EXIST

from inmet_platform.model.recipe import MODEL_NAME
from inmet_platform.model_registry import registry
from inmet_platform.model_registry.promotion import (
    KEPT,
    OUTCOME,
    PROMOTED,
    REASON,
    WORSE,
    Promotion,
    list_versions,
)
from inmet_platform.resources.mlflow import MlflowTracking
from inmet_platform_tests.model_registry.challengers import (
    asked,
    champion,
    enter,
    place_of,
    shifted,
)
from inmet_platform_tests.model_registry.challengers import client as client
from inmet_platform_tests.model_registry.challengers import no_pictures as no_pictures
from inmet_platform_tests.model_registry.challengers import tracking as tracking


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
