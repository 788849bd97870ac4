from __future__ import annotations

from pathlib import Path
from typing import Any

import dagster as dg
import mlflow
import pandas as pd
import pytest
from mlflow.entities import Run

from inmet_platform.assets.trained_model import trained_model
from inmet_platform.resources.mlflow import MODEL_NAME, MlflowTracking
from inmet_platform.resources.results import ResultsFolder
from inmet_platform_tests.embedded import write_home
from inmet_platform_tests.model.made import sample_observations

TIME_FORM = "%Y-%m-%dT%H:%M:%SZ"


@pytest.fixture(scope="module")
def tracking(tmp_path_factory: pytest.TempPathFactory) -> MlflowTracking:
    return MlflowTracking(home=str(write_home(tmp_path_factory.mktemp("mlflow")).home))


@pytest.fixture(scope="module")
def year() -> pd.DataFrame:
    return sample_observations()


def write_clean_csv(folder: Path, frame: pd.DataFrame) -> None:
    path = ResultsFolder(path=str(folder)).clean_csv
    frame.to_csv(path, index=False, date_format=TIME_FORM)


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


def test_a_year_gives_a_finished_run_and_a_model_that_predicts(
    tmp_path: Path, tracking: MlflowTracking, year: pd.DataFrame
) -> None:
    write_clean_csv(tmp_path, year)
    result = materialize(tmp_path, tracking)
    told, run = metadata(result), run_of(tracking, result)
    assert run.info.status == "FINISHED"
    assert told["trained"] is True
    assert told["dagster/row_count"] == len(year)
    assert told["mlflow_run_id"] == run.info.run_id
    assert "| brier |" in told["scores"]
    assert told["summary"].startswith(f"{MODEL_NAME} version {told['model_version']}: CSI ")
    (version,) = versions_of(tracking, run)
    assert str(version.version) == told["model_version"]
    model = mlflow.pyfunc.load_model(version.source)
    names = model.metadata.get_input_schema().input_names()
    hour = pd.DataFrame([[0.0] * len(names)], columns=names, dtype="float32")
    assert model.predict(hour).sum() == pytest.approx(1.0)


def test_two_materializations_in_one_process_make_two_runs(
    tmp_path: Path, tracking: MlflowTracking, year: pd.DataFrame
) -> None:
    runs = []
    for hours in (4000, 5000):
        write_clean_csv(tmp_path, year.head(hours))
        runs.append(run_of(tracking, materialize(tmp_path, tracking)))
    assert runs[0].info.run_id != runs[1].info.run_id
    assert {run.info.status for run in runs} == {"FINISHED"}
    assert [run.data.params["hours"] for run in runs] == ["4000", "5000"]
    assert [len(versions_of(tracking, run)) for run in runs] == [1, 1]


def test_the_same_data_make_no_second_version(
    tmp_path: Path, tracking: MlflowTracking, year: pd.DataFrame
) -> None:
    write_clean_csv(tmp_path, year.head(6000))
    made = metadata(materialize(tmp_path, tracking))
    again = materialize(tmp_path, tracking)
    told, run = metadata(again), run_of(tracking, again)
    assert told["trained"] is False
    assert told["summary"] == (
        f"unchanged: the same data made {MODEL_NAME} version {made['model_version']}"
    )
    assert run.info.status == "FINISHED"
    assert not versions_of(tracking, run)


def test_a_broken_csv_fails_the_asset_and_its_run(tmp_path: Path, tracking: MlflowTracking) -> None:
    ResultsFolder(path=str(tmp_path)).clean_csv.write_text("no,observation\n1,2\n")
    result = materialize(tmp_path, tracking)
    assert not result.success
    run = run_of(tracking, result)
    assert run.info.status == "FAILED"
    assert not versions_of(tracking, run)


def test_a_file_too_small_to_learn_from_is_told_and_does_not_stop_the_chain(
    tmp_path: Path, tracking: MlflowTracking, year: pd.DataFrame
) -> None:
    write_clean_csv(tmp_path, year.head(100))
    result = materialize(tmp_path, tracking)
    told, run = metadata(result), run_of(tracking, result)
    assert told["trained"] is False
    assert told["summary"].startswith("not trained: expected at least 1440 hours")
    assert run.info.status == "FINISHED"
    assert run.data.tags["not_trained"] in told["summary"]
    assert not versions_of(tracking, run)


def test_a_success_after_a_failure_is_not_touched_by_it(
    tmp_path: Path, tracking: MlflowTracking, year: pd.DataFrame
) -> None:
    failed = run_of(tracking, materialize(tmp_path, tracking))
    write_clean_csv(tmp_path, year.head(100))
    finished = run_of(tracking, materialize(tmp_path, tracking))
    assert [failed.info.status, finished.info.status] == ["FAILED", "FINISHED"]
