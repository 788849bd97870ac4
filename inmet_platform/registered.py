"""Whether a version of the model is still where it was registered, asked without MLflow.

Importing MLflow's client takes 1.4 s and opening its store more, half of what `inmet run` may
cost when nothing is new. So a server is asked over its REST API, a database for the one row.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import httpx

from inmet_platform.model.recipe import MODEL_NAME
from inmet_platform.settings import Settings

TIMEOUT_S = 5.0

# A deleted version keeps its row (MLflow's STAGE_DELETED_INTERNAL).
_SELECT_SOURCE = """
    SELECT source FROM model_versions
    WHERE name = :name AND version = :version AND status = 'READY'
    AND current_stage <> 'Deleted_Internal'
"""


def is_registered(settings: Settings, version: str) -> bool:
    """Whether the store has the version and its artifacts are there.

    False on any error too, and where it cannot be told: artifacts that are neither in a folder of
    this machine nor behind the MLflow server.
    """
    store = settings.mlflow_client_uri()
    try:
        if store.startswith(("http://", "https://")):
            with httpx.Client(base_url=store, timeout=TIMEOUT_S) as server:
                source = _source_by_server(server, version)
                return _holds_model(source, server)
        return _holds_model(_source_by_database(store, version))
    except Exception:  # whatever it is: the chain, which then runs, tells it better
        return False


def _source_by_server(server: httpx.Client, version: str) -> str:
    answer = server.get(
        "/api/2.0/mlflow/model-versions/get", params={"name": MODEL_NAME, "version": version}
    )
    return str(answer.raise_for_status().json()["model_version"]["source"])


def _source_by_database(store: str, version: str) -> str:
    from sqlalchemy import create_engine, text
    from sqlalchemy.pool import NullPool

    if store.startswith("sqlite:///"):  # it would be made
        Path(store.removeprefix("sqlite:///")).stat()
    with create_engine(store, poolclass=NullPool).connect() as connection:
        values = {"name": MODEL_NAME, "version": int(version)}
        return str(connection.execute(text(_SELECT_SOURCE), values).scalar_one())


def _holds_model(source: str, server: httpx.Client | None = None) -> bool:
    """Whether the file that makes a folder a model of MLflow is there."""
    place = urlsplit(source)
    if place.scheme in {"", "file"}:
        return (Path(url2pathname(place.path)) / "MLmodel").is_file()
    if place.scheme == "mlflow-artifacts" and server:
        folder = place.path.strip("/")
        answer = server.get(f"/api/2.0/mlflow-artifacts/artifacts/{folder}/MLmodel")
        return answer.is_success
    return False
