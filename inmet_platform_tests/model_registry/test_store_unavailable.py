"""A store of models that does not answer, beside one that answers and has no readable model."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mlflow import MlflowClient

from inmet_platform.config.settings import Settings
from inmet_platform.model.recipe import MODEL_NAME
from inmet_platform.model_registry import registry
from inmet_platform.model_registry.promotion import KEPT, PROMOTED, Promotion, register_challenger
from inmet_platform.model_registry.registry import StoreUnavailable, UnreadableModel
from inmet_platform.resources.mlflow import MlflowTracking
from inmet_platform_tests.embedded import clean_environ, free_port, write_home
from inmet_platform_tests.model.synthetic import synthetic_model
from inmet_platform_tests.processes import answers, await_that, end, start


class ArtifactServer:
    """MLflow's own server, for artifacts alone, on a folder; it can be stopped and started."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder / "artifacts", free_port()
        self._log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        mlflow = str(Path(sys.executable).parent / "mlflow")
        where = ["--artifacts-destination", str(self.folder), "--port", str(self.port)]
        command = [mlflow, "server", "--artifacts-only", "--workers", "1", *where]
        self._process = start(command, self._log, clean_environ(self.folder.parent))
        await_that(answers(f"http://127.0.0.1:{self.port}/health"), self._log, self._process)

    def stop(self) -> None:
        if self._process:
            end(self._process, by=signal.SIGTERM)
        self._process = None


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ArtifactServer]:
    made = ArtifactServer(tmp_path_factory.mktemp("artifact-server"))
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def tracking(
    server: ArtifactServer,
    tmp_path_factory: pytest.TempPathFactory,
    with_model_store: Callable[[Settings], Settings],
) -> MlflowTracking:
    """Versions and aliases in SQLite, which always answers; the files behind the server."""
    settings = with_model_store(write_home(tmp_path_factory.mktemp("mlflow")))
    made = MlflowTracking(home=str(settings.home))
    place = f"http://127.0.0.1:{server.port}/api/2.0/mlflow-artifacts/artifacts/models"
    made.client().create_experiment(made.experiment, artifact_location=place)
    return made


@pytest.fixture(autouse=True)
def _no_pictures_and_one_retry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inmet_platform.model.plots.draw", lambda _: {})
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "0")


def enter(tracking: MlflowTracking) -> Promotion:
    with tracking.run("test", {}) as run_id:
        return register_challenger(tracking.client(), run_id, synthetic_model())[1]


def versions(client: MlflowClient) -> list[str]:
    return [str(it.version) for it in client.search_model_versions(f"name = '{MODEL_NAME}'")]


def load_champion(client: MlflowClient) -> registry.StoredModel:
    found = registry.champion_version(client)
    assert found
    return registry.load(client, found)


def test_while_the_store_does_not_answer_no_model_takes_the_alias_and_none_is_registered(
    tracking: MlflowTracking, server: ArtifactServer
) -> None:
    """The new model beats Markov, so it would be champion if the present one were unreadable."""
    client = tracking.client()
    assert enter(tracking).outcome == PROMOTED
    server.stop()
    with pytest.raises(StoreUnavailable, match=r"version 1 .*Try again") as told:
        enter(tracking)
    assert "Connection refused" in str(told.value.__cause__)
    assert (versions(client), load_alias(client)) == (["1"], "1")

    server.start()
    assert enter(tracking).outcome == KEPT, "the next run goes on as if nothing had been"
    assert (versions(client), load_alias(client)) == (["2", "1"], "1")


def load_alias(client: MlflowClient) -> str:
    found = registry.champion_version(client)
    assert found
    return str(found.version)


@pytest.mark.parametrize("kind", ["torn", "without a file", "gone"])
def test_what_a_store_that_answers_does_not_have_whole_is_unreadable(
    tracking: MlflowTracking, server: ArtifactServer, kind: str
) -> None:
    client = tracking.client()
    if registry.champion_version(client) is None:
        enter(tracking)
    (file,) = [
        path
        for path in server.folder.rglob("model.skops")
        if str(path.parent).endswith(source_of(client))
    ]
    aside = server.folder.parent / "aside"
    shutil.copytree(file.parent, aside)
    if kind == "gone":
        shutil.rmtree(file.parent)
    elif kind == "torn":
        file.write_bytes(file.read_bytes()[:1000])
    else:
        file.unlink()
    try:
        with pytest.raises(UnreadableModel):
            load_champion(client)
    finally:
        shutil.rmtree(file.parent, ignore_errors=True)
        shutil.move(aside, file.parent)
    assert load_champion(client).version == load_alias(client)


def source_of(client: MlflowClient) -> str:
    found = registry.champion_version(client)
    assert found
    return str(found.source).partition("/models")[2]
