from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import mlflow
import numpy as np
import pytest
from mlflow.entities import Run

from inmet_platform.model.recipe import MODEL_NAME
from inmet_platform.model_registry.registration import register
from inmet_platform.model_registry.registry import TRUSTED_TYPES
from inmet_platform.resources.mlflow import MlflowTracking
from inmet_platform_tests.embedded import write_home
from inmet_platform_tests.model.synthetic import synthetic_model


@pytest.fixture(scope="module")
def tracking(tmp_path_factory: pytest.TempPathFactory) -> MlflowTracking:
    """One store for all: making its tables takes two seconds."""
    settings = write_home(
        tmp_path_factory.mktemp("mlflow"),
        MLFLOW_BACKEND_URI="sqlite:///state/mlflow.db",
        MLFLOW_URL="http://127.0.0.1:5000/",
    )
    return MlflowTracking(home=str(settings.home))


def get_run(tracking: MlflowTracking, run_id: str) -> Run:
    return tracking.client().get_run(run_id)


@contextmanager
def remembered(tracking: MlflowTracking, ids: list[str]) -> Iterator[None]:
    with tracking.run("test", {}) as run_id:
        ids.append(run_id)
        yield


def test_store_folder_and_experiment_are_made_when_missing(tracking: MlflowTracking) -> None:
    with tracking.run("test", {"kind": "trial"}) as run_id:
        pass
    run = get_run(tracking, run_id)
    assert (tracking.settings.home / "state" / "mlflow.db").is_file()
    assert run.data.tags["kind"] == "trial"
    experiment = tracking.client().get_experiment(run.info.experiment_id)
    assert experiment.name == "inmet-rain"
    assert experiment.artifact_location == (tracking.settings.home / ".inmet/mlartifacts").as_uri()
    base = "http://127.0.0.1:5000/#/experiments"
    assert tracking.link(run_id) == f"{base}/{run.info.experiment_id}/runs/{run_id}"


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


def test_a_model_is_written_down_with_its_evidence_and_nothing_global_is_left(
    tracking: MlflowTracking,
) -> None:
    model, client = synthetic_model(), tracking.client()
    with tracking.run("test", {}) as run_id:
        registered = register(client, run_id, model)
    data = get_run(tracking, run_id).data
    assert data.params["fingerprint"] == model.parameters["fingerprint"]
    assert data.params["test"] == model.periods["test"]
    scores = model.evaluation.find(0.0, "all", "model")
    assert data.metrics["over_0_mm_model_csi"] == pytest.approx(scores.scores["csi"])
    assert data.metrics["over_0_mm_model_csi_low"] == pytest.approx(scores.interval["csi"][0])
    assert "over_0_mm_onset_dry_now_model_brier" in data.metrics
    assert all(np.isfinite(value) for value in data.metrics.values())
    names = {item.path for item in client.list_artifacts(run_id)}
    assert {"model_card.md", "scores.csv", "feature_profile.json"} < names
    assert any(name.endswith(".png") for name in names)
    version = client.get_model_version(MODEL_NAME, registered)
    assert version.run_id == run_id
    (output,) = get_run(tracking, run_id).outputs.model_outputs
    tags = client.get_logged_model(output.model_id).tags
    assert json.loads(tags["mlflow.modelVersions"]) == [{"name": MODEL_NAME, "version": registered}]
    assert mlflow.active_run() is None
    assert not mlflow.is_tracking_uri_set()


def test_mlflow_itself_can_load_the_model_and_ask_it(tracking: MlflowTracking) -> None:
    model, client = synthetic_model(), tracking.client()
    with tracking.run("test", {}) as run_id:
        registered = register(client, run_id, model)
    loaded = mlflow.pyfunc.load_model(client.get_model_version(MODEL_NAME, registered).source)
    example = model.feature_example
    np.testing.assert_allclose(loaded.predict(example), model.prediction_example, rtol=1e-6)
    assert loaded.metadata.get_input_schema().input_names() == list(example.columns)


# Without `site`, so that the editable installation of this package is not found.
ASK = """
import sys
sys.path[:0] = [{code!r}]
sys.path.append({packages!r})
import inmet_platform, json, numpy as np
from skops.io import load
model = load({file!r}, trusted={trusted!r})
assert inmet_platform.__file__.startswith({code!r}), inmet_platform.__file__
print(json.dumps(model.predict_proba(np.array({rows!r}, np.float32)).tolist()))
"""


def test_a_stored_model_needs_no_more_of_this_package_than_it_brings(
    tracking: MlflowTracking,
) -> None:
    """What MLflow's plain client has: the packages of requirements.txt, and `code` of the model."""
    model, client = synthetic_model(), tracking.client()
    with tracking.run("test", {}) as run_id:
        registered = register(client, run_id, model)
    source = client.get_model_version(MODEL_NAME, registered).source
    place = Path(str(source).removeprefix("file://"))
    rows = np.nan_to_num(model.feature_example.to_numpy()).tolist()
    script = ASK.format(
        code=str(place / "code"),
        packages=sysconfig.get_path("purelib"),
        file=str(place / "model.skops"),
        trusted=TRUSTED_TYPES,
        rows=rows,
    )
    said = subprocess.run(
        [sys.executable, "-S", "-c", script], capture_output=True, text=True, cwd=place, check=True
    )
    expected = model.estimator.predict_proba(np.array(rows, np.float32))
    np.testing.assert_allclose(json.loads(said.stdout), expected)
