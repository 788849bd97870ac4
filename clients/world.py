"""What the clients connect to: the embedded cloud with a station-year, and MLflow's server."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from inmet_platform.config.settings import Settings
from inmet_platform.inmet.sample import sample_station_year
from inmet_platform.model_registry.mlflow_server import address_arguments
from inmet_platform.warehouse.bootstrap import bootstrap
from inmet_platform_tests.chain.chain import TO_CSV, Chain
from inmet_platform_tests.embedded import EmbeddedCloud, clean_environ, free_port
from inmet_platform_tests.processes import answers, running

SAMPLE_YEAR = 2023


@dataclass(frozen=True)
class World:
    """Where everything listens, the chain that fills it, and a folder for files of the clients."""

    settings: Settings
    chain: Chain
    folder: Path

    @property
    def hours(self) -> int:
        """The rows that CLEAN.OBSERVATIONS has now."""
        return self.chain.count("CLEAN.OBSERVATIONS")

    def variables(self) -> dict[str, str]:
        """What the client is told, as its user would set it; nothing of it is secret here."""
        settings = self.settings
        return {
            "SNOWFLAKE_PORT": str(settings.snowflake_port),
            "SNOWFLAKE_DATABASE": settings.snowflake_database,
            "AWS_ENDPOINT_URL": str(settings.aws_endpoint_url),
            "AWS_ACCESS_KEY_ID": str(settings.aws_access_key_id),
            "AWS_SECRET_ACCESS_KEY": "embedded",
            "AWS_DEFAULT_REGION": "us-east-1",
            "MLFLOW_TRACKING_URI": settings.mlflow_url,
            "EXPECTED_HOURS": str(self.hours),
        }


@contextmanager
def world(folder: Path, *, with_model: bool) -> Iterator[World]:
    """Start the endpoints, bring a synthetic station-year to CLEAN, train if a model is needed."""
    mlflow_url = f"http://127.0.0.1:{free_port()}"
    cloud = EmbeddedCloud(folder / "home", MLFLOW_URL=mlflow_url, MLFLOW_TRACKING_URI=mlflow_url)
    cloud.start()
    try:
        for _ in bootstrap(cloud.settings):
            pass
        chain = Chain(cloud.settings, folder)
        chain.put(*sample_station_year(SAMPLE_YEAR))
        made = World(cloud.settings, chain, folder)
        if with_model:
            with mlflow_server(cloud.settings, folder):
                chain.run([*TO_CSV, "trained_model"])
                yield made
        else:
            chain.run()
            yield made
    finally:
        cloud.stop()


@contextmanager
def mlflow_server(settings: Settings, folder: Path) -> Iterator[None]:
    """The project's own MLflow server, on SQLite and a folder of the home folder."""
    argv = [sys.executable, "-m", "inmet_platform.model_registry.mlflow_server"]
    where = address_arguments(settings.mlflow_url)
    environ = clean_environ(settings.home)
    ready = answers(f"{settings.mlflow_url}/health")
    with running([*argv, *where], folder / "mlflow.log", environ, ready=ready):
        yield
