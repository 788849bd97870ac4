"""What MLflow's store holds of the model, asked without MLflow.

Importing MLflow's client takes 1.4 s and opening its store more: half of what `inmet run` may
cost when nothing is new, and of `inmet predict`. So a server is asked over its REST API, a
database for the one row.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import httpx

from inmet_platform.model.recipe import CHAMPION, MODEL_NAME
from inmet_platform.shared_servers import SharedServers

TIMEOUT_S = 5.0

# A deleted version keeps its row (MLflow's STAGE_DELETED_INTERNAL).
_PRESENT = "version.name = :name AND status = 'READY' AND current_stage <> 'Deleted_Internal'"
_SELECT_VERSION = f"""
    SELECT version.version, run_id, source FROM model_versions AS version
    WHERE {_PRESENT} AND version.version = :version
"""  # noqa: S608 - a text of our own
_SELECT_CHAMPION = f"""
    SELECT version.version, run_id, source
    FROM model_versions AS version INNER JOIN registered_model_aliases AS aliases
        ON aliases.name = version.name AND aliases.version = version.version
    WHERE {_PRESENT} AND aliases.alias = :alias
"""  # noqa: S608 - a text of our own


@dataclass(frozen=True)
class Registered:
    """A version of the model: its number, its run, and where its files are."""

    version: str
    run_id: str
    source: str
    store: str = field(repr=False)  # it may hold a password

    def read(self, name: str) -> bytes:
        """A file of the model.

        Raises:
            OSError, httpx.HTTPError, LookupError: it is not there, or the files are neither in a
                folder of this machine nor behind the MLflow server.
        """
        place = urlsplit(self.source)
        if place.scheme in {"", "file"}:
            return (Path(url2pathname(place.path)) / name).read_bytes()
        if place.scheme != "mlflow-artifacts" or not _is_server(self.store):
            raise LookupError(f"{self.source} is for MLflow to read")
        path = f"/api/2.0/mlflow-artifacts/artifacts/{place.path.strip('/')}/{name}"
        with httpx.Client(base_url=self.store, timeout=TIMEOUT_S) as server:
            return server.get(path).raise_for_status().content


def is_registered(settings: SharedServers, version: str) -> bool:
    """Whether the store has the version and its artifacts are there.

    False on any error too, and where it cannot be told.
    """
    try:
        store = settings.mlflow_client_uri()
        if _is_server(store):
            found = _of_server(store, "model-versions/get", version=version)
        else:
            found = _of_database(store, _SELECT_VERSION, version=int(version))
        return bool(found.read("MLmodel"))
    except Exception:  # whatever it is: the chain, which then runs, tells it better
        return False


def champion(settings: SharedServers) -> Registered:
    """The version with the alias `champion`; any error when there is none, or none is told."""
    store = settings.mlflow_client_uri()
    if _is_server(store):
        return _of_server(store, "registered-models/alias", alias=CHAMPION)
    return _of_database(store, _SELECT_CHAMPION, alias=CHAMPION)


def _is_server(store: str) -> bool:
    return store.startswith(("http://", "https://"))


def _of_server(store: str, question: str, **values: str) -> Registered:
    with httpx.Client(base_url=store, timeout=TIMEOUT_S) as server:
        answer = server.get(f"/api/2.0/mlflow/{question}", params={"name": MODEL_NAME, **values})
    told = answer.raise_for_status().json()["model_version"]
    return Registered(str(told["version"]), str(told["run_id"]), str(told["source"]), store)


def _of_database(store: str, question: str, **values: Any) -> Registered:
    from sqlalchemy import create_engine, text
    from sqlalchemy.pool import NullPool

    if store.startswith("sqlite:///"):  # it would be made
        Path(store.removeprefix("sqlite:///")).stat()
    with create_engine(store, poolclass=NullPool).connect() as connection:
        row = connection.execute(text(question), {"name": MODEL_NAME, **values}).one()
    return Registered(str(row.version), str(row.run_id), str(row.source), store)
