from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from mlflow.entities import Run

from inmet_platform.assets.trained_model import trained_model
from inmet_platform.config.settings import Settings
from inmet_platform.model.recipe import MODEL_NAME
from inmet_platform.resources.mlflow import MlflowTracking
from inmet_platform.resources.results import ResultsFolder
from inmet_platform.results.result_files import ResultFiles
from inmet_platform_tests.embedded import write_home
from inmet_platform_tests.model.synthetic import part_of, synthetic_grid, write_results

GRID = synthetic_grid(12, 70)


@pytest.fixture(scope="module")
def tracking(
    tmp_path_factory: pytest.TempPathFactory, with_model_store: Callable[[Settings], Settings]
) -> MlflowTracking:
    settings = with_model_store(write_home(tmp_path_factory.mktemp("mlflow")))
    return MlflowTracking(home=str(settings.home))


def materialize(folder: Path, tracking: MlflowTracking) -> dg.ExecuteInProcessResult:
    with dg.DagsterInstance.ephemeral() as instance:
        return dg.materialize(
            [trained_model],
            instance=instance,
            resources={"results": ResultsFolder(path=str(folder)), "mlflow": tracking},
            raise_on_error=False,
        )


def metadata(result: dg.ExecuteInProcessResult) -> dict[str, Any]:
    assert result.success
    (event,) = result.asset_materializations_for_node("trained_model")
    return {name: value.value for name, value in event.metadata.items()}


def run_of(tracking: MlflowTracking, result: dg.ExecuteInProcessResult) -> Run:
    """The one MLflow run that a Dagster run opened."""
    client = tracking.client()
    experiment = client.get_experiment_by_name(tracking.experiment)
    assert experiment
    wanted = f"tags.`dagster/run_id` = '{result.run_id}'"
    (run,) = client.search_runs([experiment.experiment_id], wanted)
    return run


def versions_of(tracking: MlflowTracking, run: Run) -> list[Any]:
    return list(tracking.client().search_model_versions(f"run_id = '{run.info.run_id}'"))


def test_a_model_is_made_told_and_not_made_again_of_the_same_data(
    tmp_path: Path, tracking: MlflowTracking
) -> None:
    write_results(tmp_path, GRID)
    result = materialize(tmp_path, tracking)
    told, run = metadata(result), run_of(tracking, result)
    assert run.info.status == "FINISHED"
    assert told["trained"] is True
    assert told["dagster/row_count"] == int(GRID.observed.sum())
    assert told["mlflow_run_id"] == run.info.run_id
    assert "| brier |" in told["scores"]
    assert told["champion"].startswith("crowned: ")
    assert told["summary"].startswith(f"{MODEL_NAME} version {told['model_version']}: CSI ")
    (version,) = versions_of(tracking, run)
    assert str(version.version) == told["model_version"]

    path = ResultFiles(tmp_path).model_json
    summary = json.loads(path.read_text(encoding="utf-8"))
    assert summary["versions"][0]["version"] == int(told["model_version"])
    moved_by_hand = {**summary, "versions": [{"version": 0, "is_champion": True}]}
    path.write_text(json.dumps(moved_by_hand), encoding="utf-8")

    again = materialize(tmp_path, tracking)
    assert json.loads(path.read_text(encoding="utf-8")) == summary, "the versions are told anew"
    made_again, second = metadata(again), run_of(tracking, again)
    assert made_again["trained"] is False
    assert made_again["summary"] == (
        f"unchanged: the same data made {MODEL_NAME} version {told['model_version']}"
    )
    assert second.info.run_id != run.info.run_id
    assert second.info.status == "FINISHED"
    assert not versions_of(tracking, second)


@pytest.mark.parametrize("broken", ["observations", "stations"])
def test_a_broken_file_fails_the_asset_and_its_run(
    tmp_path: Path, tracking: MlflowTracking, broken: str
) -> None:
    files = write_results(tmp_path, part_of(GRID, slice(0, 1)))
    path = files.clean_folder / "2024.parquet" if broken == "observations" else files.stations_csv
    path.write_bytes(b"no,observation\n1,2\n")
    result = materialize(tmp_path, tracking)
    assert not result.success
    run = run_of(tracking, result)
    assert run.info.status == "FAILED"
    assert not versions_of(tracking, run)


def test_a_failure_after_the_training_fails_the_run_too(
    tmp_path: Path, tracking: MlflowTracking
) -> None:
    """What was registered stays; a folder in the way of the artifacts is what goes wrong."""
    home = Path(tracking.home)
    files = write_results(tmp_path, synthetic_grid(3, 70, seed=9))
    client = tracking.client()
    before = len(client.search_model_versions(f"name = '{MODEL_NAME}'"))
    artifacts, aside = home / ".inmet" / "mlartifacts", home / "aside"
    artifacts.mkdir(exist_ok=True)
    artifacts.rename(aside)
    artifacts.write_text("a file where the folder should be")
    try:
        result = materialize(files.folder, tracking)
    finally:
        artifacts.unlink()
        aside.rename(artifacts)
    assert not result.success
    assert run_of(tracking, result).info.status == "FAILED"
    assert len(client.search_model_versions(f"name = '{MODEL_NAME}'")) == before


def test_too_little_to_learn_from_is_told_and_does_not_stop_the_chain(
    tmp_path: Path, tracking: MlflowTracking
) -> None:
    write_results(tmp_path, synthetic_grid(1, 10))
    result = materialize(tmp_path, tracking)
    told, run = metadata(result), run_of(tracking, result)
    assert told["trained"] is False
    assert told["summary"].startswith("not trained: expected at least 1440 hours")
    assert run.info.status == "FINISHED"
    assert run.data.tags["not_trained"] in told["summary"]
    assert not versions_of(tracking, run)


def test_a_success_after_a_failure_is_not_touched_by_it(
    tmp_path: Path, tracking: MlflowTracking
) -> None:
    failed = run_of(tracking, materialize(tmp_path, tracking))
    write_results(tmp_path, synthetic_grid(1, 10))
    finished = run_of(tracking, materialize(tmp_path, tracking))
    assert [failed.info.status, finished.info.status] == ["FAILED", "FINISHED"]
