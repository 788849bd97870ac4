"""MLflow for the training asset: one run a materialisation, FAILED when it fails.

Not dagster-mlflow's resource: it marks a failed run FINISHED unless a hook is attached, and
even then when launched by `dagster asset materialize`; two materialisations in one process
share its run. Here the run is opened and closed around the training itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from inmet_platform.model.recipe import MODEL_NAME
from inmet_platform.model_registry.client import open_client
from inmet_platform.resources.home import HomeResource

if TYPE_CHECKING:
    from mlflow import MlflowClient


class MlflowTracking(HomeResource):
    """A tracking store: a server, or a database of one's own (SQLite beside the data)."""

    experiment: str = MODEL_NAME

    @contextmanager
    def run(self, name: str, tags: dict[str, str]) -> Iterator[str]:
        """Open a run of its own and yield its id; FINISHED at the end, FAILED on any error."""
        client = self.client()
        run_id = client.create_run(
            self._experiment_id(client), run_name=name, tags=tags
        ).info.run_id
        try:
            yield run_id
        except BaseException:
            client.set_terminated(run_id, "FAILED")
            raise
        client.set_terminated(run_id, "FINISHED")

    def client(self) -> MlflowClient:
        """MLflow's client for the store, which is made when it is missing."""
        return open_client(self.settings)

    def link(self, run_id: str) -> str:
        """The page of a run."""
        experiment_id = self.client().get_run(run_id).info.experiment_id
        base = self.settings.mlflow_url.rstrip("/")
        return f"{base}/#/experiments/{experiment_id}/runs/{run_id}"

    def _experiment_id(self, client: MlflowClient) -> str:
        found = client.get_experiment_by_name(self.experiment)
        if found:
            return str(found.experiment_id)
        place = self.settings.mlflow_artifact_uri()
        return str(client.create_experiment(self.experiment, artifact_location=place))
