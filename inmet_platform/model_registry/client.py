"""MLflow's client for the configured store.

Only clients with an address of their own are used: MLflow's fluent calls (`start_run`, `log_model`)
keep the store and the active run in globals that all callers would share.
"""

from __future__ import annotations

import logging
import warnings
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlflow import MlflowClient

    from inmet_platform.config.shared_servers import SharedServers


def open_client(settings: SharedServers) -> MlflowClient:
    """MLflow's client for the store; it creates a store that does not exist yet."""
    # It logs every table that it creates.
    logging.getLogger("mlflow.store.db.utils").setLevel(logging.WARNING)
    from mlflow import MlflowClient
    from mlflow import environment_variables as variables

    for variable in (
        # Otherwise a server hands out signed addresses of a bucket that only it can reach.
        variables.MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD,
        # A progress bar for seven small files would mix with the output of the command line.
        variables.MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR,
    ):
        if not variable.is_set():  # type: ignore[no-untyped-call]
            variable.set(False)  # type: ignore[no-untyped-call]
    uri = settings.mlflow_client_uri()
    if not uri.startswith(("http://", "https://")):
        import_quietly("mlflow.store.tracking.sqlalchemy_store")
    if uri.startswith("sqlite:///"):
        Path(uri.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    return MlflowClient(tracking_uri=uri, registry_uri=uri)


def import_quietly(module: str) -> None:
    """Import a module of MLflow without the warnings about MLflow's own code.

    Its tables use a deprecated loader of SQLAlchemy, and the type hints of its agents are vague.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The ``noload`` loader strategy")
        warnings.filterwarnings("ignore", message=".*inferred as AnyType", category=UserWarning)
        import_module(module)
