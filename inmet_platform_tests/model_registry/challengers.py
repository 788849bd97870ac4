"""A real registry (SQLite) with nothing in it, and models that enter it, for tests of who wins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from mlflow import MlflowClient

from inmet_platform.checks.model import newest_model_is_no_worse_than_the_champion
from inmet_platform.config.settings import Settings
from inmet_platform.model.classifier import RainClassifier
from inmet_platform.model.recipe import MODEL_NAME
from inmet_platform.model.training import RainModel
from inmet_platform.model_registry import registry
from inmet_platform.model_registry.promotion import Promotion, register_challenger
from inmet_platform.resources.mlflow import MlflowTracking
from inmet_platform_tests.embedded import write_home
from inmet_platform_tests.model.synthetic import long_model


@pytest.fixture(autouse=True)
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
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


def place_of(client: MlflowClient, version: str) -> Path:
    source = client.get_model_version(MODEL_NAME, version).source
    return Path(str(source).removeprefix("file://"))
