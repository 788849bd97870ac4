"""MLflow for a team: on MySQL, artifacts in a bucket that only the server has keys of."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import boto3
import dagster as dg
import httpx
import mlflow
import numpy as np
import pandas as pd
import pytest

from inmet_platform.assets.trained_model import trained_model
from inmet_platform.command import doctor
from inmet_platform.command.services import configured_services, running
from inmet_platform.config.settings import Settings
from inmet_platform.model.recipe import MODEL_NAME
from inmet_platform.resources.mlflow import MlflowTracking
from inmet_platform.resources.results import ResultsFolder
from inmet_platform_tests.embedded import EmbeddedCloud, free_port, write_home
from inmet_platform_tests.mariadb import PASSWORD, MariaDb
from inmet_platform_tests.model.synthetic import synthetic_grid, write_results

BUCKET = "team-models"
SEARCH = "/api/2.0/mlflow/experiments/search?max_results=1"


class Server:
    """The service `mlflow` of `inmet up`, which can be killed and started again."""

    def __init__(self, settings: Settings) -> None:
        self.url = settings.mlflow_url
        self._settings = settings
        key = settings.minio_secret_access_key
        assert key
        self.secret = key.get_secret_value()
        self._stack = ExitStack()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        services = configured_services(self._settings)
        started = running(services, self._settings.home, on_ready=lambda *_: None)
        (self._process,) = self._stack.enter_context(started).values()

    def command_line(self) -> str:
        assert self._process
        return Path(f"/proc/{self._process.pid}/cmdline").read_text().replace("\0", " ")

    def kill(self) -> None:
        """`kill -9` to the server and its workers."""
        assert self._process
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(30)
        deadline = time.monotonic() + 30
        while not self._is_gone():
            assert time.monotonic() < deadline, "a worker outlived the kill"

    def _is_gone(self) -> bool:
        """Whether nobody listens; the last of the workers may still reset connections."""
        try:
            httpx.get(f"{self.url}/health")
        except httpx.ConnectError:
            return True
        except httpx.TransportError:
            return False
        return False

    def stop(self) -> None:
        self._stack.close()


@pytest.fixture(scope="module")
def server(
    embedded_cloud: EmbeddedCloud, mariadb: MariaDb, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    arguments = embedded_cloud.settings.aws_client_arguments()
    boto3.client("s3", **arguments).create_bucket(Bucket=BUCKET)
    key = embedded_cloud.key_for(BUCKET)
    url = f"http://127.0.0.1:{free_port()}"
    settings = write_home(
        tmp_path_factory.mktemp("mlflow-server"),
        INMET_SERVICES="mlflow",
        MLFLOW_URL=url,
        MLFLOW_TRACKING_URI=url,
        MLFLOW_BACKEND_URI=mariadb.uri("mlflow"),
        MLFLOW_ARTIFACT_ROOT="",
        MLFLOW_ARTIFACT_BUCKET=BUCKET,
        MLFLOW_MINIO_ENDPOINT_URL=arguments["endpoint_url"],
        MINIO_ACCESS_KEY_ID=key["AccessKeyId"],
        MINIO_SECRET_ACCESS_KEY=key["SecretAccessKey"],
        MLFLOW_SERVER_ALLOWED_HOSTS="mlflow:5000,127.0.0.1:*",
    )
    made = Server(settings)
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def client(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A platform that knows the server's address, and no key of any store."""
    return write_home(
        tmp_path_factory.mktemp("client"),
        MLFLOW_TRACKING_URI=server.url,
        MLFLOW_URL=server.url,
        **dict.fromkeys(
            [
                "MLFLOW_BACKEND_URI",
                "MLFLOW_ARTIFACT_ROOT",
                "AWS_ACCESS_KEY_ID",
                "AWS_SECRET_ACCESS_KEY",
                "AWS_ENDPOINT_URL",
            ],
            "",
        ),
    )


def train(client: Settings, days: int) -> dict[str, Any]:
    """Materialise `trained_model` on that many days of two stations; its metadata."""
    results = ResultsFolder(path=str(client.processed_dir))
    write_results(client.processed_dir, synthetic_grid(2, days))
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize(
            [trained_model],
            instance=instance,
            resources={"results": results, "mlflow": MlflowTracking(home=str(client.home))},
        )
    (event,) = result.asset_materializations_for_node("trained_model")
    return {name: value.value for name, value in event.metadata.items()}


def predict(url: str, version: str) -> np.ndarray:
    """What a colleague does who has nothing but the server's address."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_TRACKING_URI", url)
        # Else MLflow hands out signed addresses of the bucket, which only the server can reach.
        patch.setenv("MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD", "false")
        patch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
        model = mlflow.pyfunc.load_model(f"models:/{MODEL_NAME}/{version}")
    names = model.metadata.get_input_schema().input_names()
    return model.predict(pd.DataFrame([[0.0] * len(names)], columns=names, dtype="float32"))


def objects(embedded_cloud: EmbeddedCloud) -> set[str]:
    s3 = boto3.client("s3", **embedded_cloud.settings.aws_client_arguments())
    return {item["Key"] for item in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])}


def tables(mariadb: MariaDb) -> dict[str, int]:
    with mariadb.connect("mlflow") as connection, connection.cursor() as cursor:
        counts = {}
        for name in ("runs", "model_versions"):
            cursor.execute(f"SELECT COUNT(*) FROM {name}")  # noqa: S608
            counts[name] = cursor.fetchall()[0][0]
        return counts


def test_a_model_goes_to_the_server_by_http_without_any_key_of_its_store(
    client: Settings, server: Server, embedded_cloud: EmbeddedCloud, mariadb: MariaDb
) -> None:
    assert client.minio_access_key_id is None
    assert client.aws_access_key_id is None
    assert client.mlflow_backend_uri is None
    assert not [name for name in os.environ if "ACCESS_KEY" in name or name.startswith("MYSQL")]
    told = train(client, 60)
    assert told["trained"] is True
    said = predict(server.url, told["model_version"])
    assert said.shape == (1, 3)
    assert 1 > said[0, 0] >= said[0, 1] >= said[0, 2] > 0
    assert told["mlflow_run"].startswith(f"{server.url}/#/experiments/")
    assert httpx.get(told["mlflow_run"]).is_success
    models = [key for key in objects(embedded_cloud) if key.endswith("/MLmodel")]
    assert len(models) == 1
    assert models[0].startswith("mlflow/")
    assert tables(mariadb) == {"runs": 1, "model_versions": 1}


def test_after_kill_9_the_model_is_still_there_and_another_run_logs(
    client: Settings, server: Server
) -> None:
    made = train(client, 65)["model_version"]
    before = predict(server.url, made)
    server.kill()
    server.start()
    np.testing.assert_array_equal(predict(server.url, made), before)
    again = train(client, 70)
    assert int(again["model_version"]) == int(made) + 1
    compared = "champion kept: not compared with version 1: expected at least 1,008 hours (6 weeks)"
    assert again["champion"].startswith(compared), "the champion came by the server alone"
    assert predict(server.url, again["model_version"]).shape == (1, 3)


@pytest.mark.parametrize(
    ("host", "status"),
    [("mlflow:5000", 200), ("127.0.0.1:1", 200), ("evil.example", 403), ("mlflow.evil:5000", 403)],
)
def test_a_foreign_host_is_refused(server: Server, host: str, status: int) -> None:
    assert httpx.get(server.url + SEARCH, headers={"Host": host}).status_code == status


def test_no_password_is_on_the_servers_command_line(server: Server) -> None:
    line = server.command_line()
    assert f"--artifacts-destination s3://{BUCKET}/mlflow" in line
    assert PASSWORD not in line
    assert server.secret not in line


def test_the_doctor_tells_a_server_that_answers_from_one_that_refuses_or_is_down(
    client: Settings, server: Server
) -> None:
    assert mlflow_finding(client, server.url) == (True, f"{server.url} answers")
    refused = server.url.replace("127.0.0.1", "localhost")
    well, sentence = mlflow_finding(client, refused)
    assert not well
    assert f"MLFLOW_SERVER_ALLOWED_HOSTS name {refused.removeprefix('http://')}" in sentence
    well, sentence = mlflow_finding(client, f"http://127.0.0.1:{free_port()}")
    assert not well
    assert "does not answer" in sentence


def mlflow_finding(client: Settings, url: str) -> tuple[bool, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_TRACKING_URI", url)
        # Nothing else is there to be asked, and each would be waited for.
        patch.setattr(doctor, "PROBES", {"mlflow": doctor.PROBES["mlflow"]})
        settings, finding = doctor.examine(client.home)
    assert settings.well
    return finding.well, finding.sentence
