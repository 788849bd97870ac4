from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import mlflow
import numpy as np
import pytest
from mlflow.entities import Run

from inmet_platform.model.training import RainModel, train
from inmet_platform.resources.mlflow import CHAMPION, MODEL_NAME, MlflowTracking
from inmet_platform_tests.embedded import write_home
from inmet_platform_tests.model.made import sample_observations


@pytest.fixture(scope="module")
def model() -> RainModel:
    return train(sample_observations())


@pytest.fixture(scope="module")
def tracking(tmp_path_factory: pytest.TempPathFactory) -> MlflowTracking:
    """One store for all: making its tables takes two seconds."""
    settings = write_home(
        tmp_path_factory.mktemp("mlflow"),
        MLFLOW_BACKEND_URI="sqlite:///state/mlflow.db",
        MLFLOW_URL="http://127.0.0.1:5000/",
    )
    return MlflowTracking(home=str(settings.home))


@pytest.fixture
def empty_registry(tracking: MlflowTracking) -> MlflowTracking:
    client = tracking.client()
    if client.search_registered_models():
        client.delete_registered_model(MODEL_NAME)
    return tracking


def get_run(tracking: MlflowTracking, run_id: str) -> Run:
    return tracking.client().get_run(run_id)


@contextmanager
def remembered(tracking: MlflowTracking, ids: list[str]) -> Iterator[None]:
    with tracking.run("test", {}) as run_id:
        ids.append(run_id)
        yield


def logged(tracking: MlflowTracking, model: RainModel, brier: float) -> tuple[str, bool, str]:
    scored = replace(model, scores={**model.scores, "model_brier": brier})
    with tracking.run("test", {}) as run_id:
        made = tracking.log(run_id, scored)
    return made.version, made.is_champion, made.reason


def champion(tracking: MlflowTracking) -> str:
    return str(tracking.client().get_model_version_by_alias(MODEL_NAME, CHAMPION).version)


def test_store_folder_and_experiment_are_made_when_missing(tracking: MlflowTracking) -> None:
    with tracking.run("test", {"kind": "trial"}) as run_id:
        pass
    run = get_run(tracking, run_id)
    assert (tracking.settings.home / "state" / "mlflow.db").is_file()
    assert run.data.tags["kind"] == "trial"
    experiment = tracking.client().get_experiment(run.info.experiment_id)
    assert experiment.name == "inmet-rain"
    assert experiment.artifact_location == (tracking.settings.home / ".inmet/mlartifacts").as_uri()


def test_a_run_is_running_inside_and_finished_after(tracking: MlflowTracking) -> None:
    with tracking.run("test", {}) as run_id:
        assert get_run(tracking, run_id).info.status == "RUNNING"
    assert get_run(tracking, run_id).info.status == "FINISHED"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_whatever_ends_a_run_early_leaves_it_failed(
    tracking: MlflowTracking, error: type[BaseException]
) -> None:
    ids: list[str] = []
    with pytest.raises(error), remembered(tracking, ids):
        raise error
    assert get_run(tracking, ids[0]).info.status == "FAILED"


def test_two_runs_at_once_do_not_mix(tracking: MlflowTracking) -> None:
    ids: list[str] = []
    with remembered(tracking, ids), suppress(ValueError), remembered(tracking, ids):
        raise ValueError
    assert len(set(ids)) == 2
    assert [get_run(tracking, run_id).info.status for run_id in ids] == ["FINISHED", "FAILED"]


def test_a_logged_model_loads_and_predicts_what_it_predicted(
    empty_registry: MlflowTracking, model: RainModel
) -> None:
    with empty_registry.run("test", {}) as run_id:
        made = empty_registry.log(run_id, model)
    client = empty_registry.client()
    version = client.get_model_version(MODEL_NAME, made.version)
    loaded = mlflow.pyfunc.load_model(version.source)
    example = model.feature_example
    np.testing.assert_allclose(
        loaded.predict(example), model.estimator.predict_proba(example), rtol=1e-6
    )
    assert loaded.metadata.get_input_schema().input_names() == list(example.columns)
    assert loaded.metadata.metadata["rain_threshold"] == model.parameters["rain_threshold"]
    assert version.run_id == run_id
    (output,) = get_run(empty_registry, run_id).outputs.model_outputs
    tags = client.get_logged_model(output.model_id).tags
    assert json.loads(tags["mlflow.modelVersions"]) == [
        {"name": MODEL_NAME, "version": made.version}
    ]


def test_parameters_periods_and_scores_are_on_the_run_and_nan_is_left_out(
    tracking: MlflowTracking, model: RainModel
) -> None:
    scored = replace(model, scores={**model.scores, "markov_pod": math.nan})
    with tracking.run("test", {}) as run_id:
        made = tracking.log(run_id, scored)
    data = get_run(tracking, run_id).data
    assert data.params["fingerprint"] == model.parameters["fingerprint"]
    assert data.params["test"] == model.periods["test"]
    assert data.metrics["model_csi"] == pytest.approx(model.scores["model_csi"])
    assert "markov_pod" not in data.metrics
    experiment_id = get_run(tracking, run_id).info.experiment_id
    assert made.link == f"http://127.0.0.1:5000/#/experiments/{experiment_id}/runs/{run_id}"


def test_a_version_is_found_by_what_it_was_made_of(
    empty_registry: MlflowTracking, model: RainModel
) -> None:
    fingerprint = model.parameters["fingerprint"]
    assert empty_registry.made_of(fingerprint) is None
    logged(empty_registry, model, 0.05)
    logged(empty_registry, model, 0.06)
    assert empty_registry.made_of(fingerprint) == "2"
    assert empty_registry.made_of("0" * 64) is None


def test_champion_is_the_version_with_the_lowest_brier_score(
    empty_registry: MlflowTracking, model: RainModel
) -> None:
    assert logged(empty_registry, model, 0.05) == ("1", True, "there was no champion")
    assert logged(empty_registry, model, 0.06)[1] is False
    assert champion(empty_registry) == "1"
    version, is_champion, reason = logged(empty_registry, model, 0.04)
    assert (version, is_champion) == ("3", True)
    assert reason == "Brier 0.0400 beats version 1's 0.0500"
    assert champion(empty_registry) == "3"


def test_a_champion_without_a_score_is_left_to_whoever_chose_it(
    empty_registry: MlflowTracking, model: RainModel
) -> None:
    logged(empty_registry, model, 0.05)
    empty_registry.client().delete_model_version_tag(MODEL_NAME, "1", "brier")
    version, is_champion, reason = logged(empty_registry, model, 0.01)
    assert (version, is_champion) == ("2", False)
    assert "no Brier score" in reason
    assert champion(empty_registry) == "1"


def test_nothing_global_is_left_behind(tracking: MlflowTracking, model: RainModel) -> None:
    logged(tracking, model, 0.05)
    assert mlflow.active_run() is None
    assert not mlflow.is_tracking_uri_set()
