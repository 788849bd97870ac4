"""MLflow for the training asset: one run per materialization, FAILED when it fails.

This is not dagster-mlflow's resource. That one marks a failed run FINISHED unless a hook is
attached, and even with the hook when `dagster asset materialize` launched it; and two
materializations in one process share its run. Its safety net `end_mlflow_on_run_finished` is such
a hook: it runs in the process of the run, so a `kill -9` takes it along. Here the run lasts as long
as the training, and the next training ends what a killed one left.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from inmet_platform.model.recipe import MODEL_NAME
from inmet_platform.model_registry.registry import open_client
from inmet_platform.resources.home import HomeResource

if TYPE_CHECKING:
    from mlflow import MlflowClient

# The tag of a run in MLflow that names the run of Dagster which it belongs to.
DAGSTER_RUN = "dagster/run_id"


class MlflowTracking(HomeResource):
    """A tracking store: a server, or a database (by default SQLite beside the data)."""

    experiment: str = MODEL_NAME

    @contextmanager
    def run(self, name: str, tags: dict[str, str]) -> Iterator[str]:
        """Open a run and yield its id; the run ends FINISHED, or FAILED on any error."""
        client = self.client()
        experiment_id = self._experiment_id(client)
        run_id = client.create_run(experiment_id, run_name=name, tags=tags).info.run_id
        try:
            yield run_id
        except BaseException:
            client.set_terminated(run_id, "FAILED")
            raise
        client.set_terminated(run_id, "FINISHED")

    def end_left_runs(self, is_over: Callable[[str, float], bool]) -> list[str]:
        """End as KILLED every run that still counts as RUNNING though its Dagster run is over.

        Args:
            is_over: whether the Dagster run of an id, begun so many seconds ago, has ended.

        Returns:
            The ids of the runs that were ended.
        """
        client = self.client()
        running = client.search_runs(
            [self._experiment_id(client)], "attributes.status = 'RUNNING'", max_results=1000
        )
        left = [
            run.info.run_id
            for run in running
            if (of := run.data.tags.get(DAGSTER_RUN))
            and is_over(of, time.time() - run.info.start_time / 1000)
        ]
        for run_id in left:
            client.set_terminated(run_id, "KILLED")
        return left

    def client(self) -> MlflowClient:
        """MLflow's client for the store; it creates a store that does not exist yet."""
        return open_client(self.settings)

    def link(self, run_id: str) -> str:
        """The address of a run's page."""
        experiment_id = self.client().get_run(run_id).info.experiment_id
        base = self.settings.mlflow_url.rstrip("/")
        return f"{base}/#/experiments/{experiment_id}/runs/{run_id}"

    def _experiment_id(self, client: MlflowClient) -> str:
        if found := client.get_experiment_by_name(self.experiment):
            return str(found.experiment_id)
        place = self.settings.mlflow_artifact_uri()
        return str(client.create_experiment(self.experiment, artifact_location=place))
