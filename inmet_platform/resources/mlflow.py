"""MLflow for the training asset: one run a materialisation, FAILED when it fails.

Not dagster-mlflow's resource: it marks a failed run FINISHED unless a hook is attached, and
even then when launched by `dagster asset materialize`; two materialisations in one process
share its run. Here the run is opened and closed around the training itself.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg

if TYPE_CHECKING:
    from mlflow import MlflowClient

    from inmet_platform.model.training import RainModel

MODEL_NAME = "inmet-rain"
CHAMPION = "champion"

# Classes of scikit-learn's gradient boosting that skops does not know; without them it refuses.
TRUSTED_TYPES = [
    "numpy.dtype",
    "sklearn._loss.link.Interval",
    "sklearn._loss.link.LogitLink",
    "sklearn._loss.link.MultinomialLogit",
    "sklearn._loss.loss.HalfBinomialLoss",
    "sklearn._loss.loss.HalfMultinomialLoss",
    "sklearn._loss._loss.CyHalfBinomialLoss",
    "sklearn._loss._loss.CyHalfMultinomialLoss",
    "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
]


@dataclass(frozen=True)
class Registered:
    """Where a model went: its run, its version, and whether it is the champion now, and why."""

    run_id: str
    version: str
    is_champion: bool
    reason: str


class MlflowTracking(dg.ConfigurableResource):
    """A tracking store: SQLite beside the data, or a server."""

    backend_uri: str
    artifact_root: str | None = None
    experiment: str = "inmet-rain"

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

    def log(self, run_id: str, model: RainModel) -> Registered:
        """Write parameters, scores and the model into a run, and register it."""
        import mlflow

        client = self.client()
        for key, value in {**model.parameters, **model.periods}.items():
            client.log_param(run_id, key, value)
        for key, score in model.scores.items():
            if score == score:
                client.log_metric(run_id, key, score)
        mlflow.set_tracking_uri(self.backend_uri)
        registered = _register(client, run_id, self._log_model(run_id, model))
        is_champion, reason = _compare(client, registered, model.scores["model_brier"])
        return Registered(run_id, registered, is_champion, reason)

    def _log_model(self, run_id: str, model: RainModel) -> Any:
        import mlflow
        import mlflow.sklearn

        signature = mlflow.models.infer_signature(
            model.feature_example, model.estimator.predict_proba(model.feature_example)
        )
        with mlflow.start_run(run_id=run_id):
            return mlflow.sklearn.log_model(
                model.estimator,
                name="model",
                signature=signature,
                pyfunc_predict_fn="predict_proba",
                serialization_format="skops",
                skops_trusted_types=TRUSTED_TYPES,
                # Given, because finding them out takes MLflow some ten seconds.
                pip_requirements=[f"{name}=={version(name)}" for name in ("scikit-learn", "skops")],
            )

    def client(self) -> MlflowClient:
        """MLflow's client for the store, which is made when it is missing."""
        # It tells of every table it makes.
        logging.getLogger("mlflow.store.db.utils").setLevel(logging.WARNING)
        from mlflow import MlflowClient

        if self.backend_uri.startswith("sqlite:///"):
            Path(self.backend_uri.removeprefix("sqlite:///")).parent.mkdir(
                parents=True, exist_ok=True
            )
        return MlflowClient(tracking_uri=self.backend_uri, registry_uri=self.backend_uri)

    def _experiment_id(self, client: MlflowClient) -> str:
        found = client.get_experiment_by_name(self.experiment)
        if found:
            return str(found.experiment_id)
        return str(client.create_experiment(self.experiment, artifact_location=self.artifact_root))


def _register(client: MlflowClient, run_id: str, info: Any) -> str:
    from mlflow.exceptions import MlflowException

    try:
        client.get_registered_model(MODEL_NAME)
    except MlflowException:
        client.create_registered_model(MODEL_NAME)
    made = client.create_model_version(
        MODEL_NAME, source=info.model_uri, run_id=run_id, model_id=info.model_id
    )
    return str(made.version)


def _compare(client: MlflowClient, registered: str, brier: float) -> tuple[bool, str]:
    """Give the alias `champion` to the version with the lower Brier score."""
    from mlflow.exceptions import MlflowException

    client.set_model_version_tag(MODEL_NAME, registered, "brier", str(brier))
    try:
        champion = client.get_model_version_by_alias(MODEL_NAME, CHAMPION)
    except MlflowException:
        client.set_registered_model_alias(MODEL_NAME, CHAMPION, registered)
        return True, "the first version"
    best = float(champion.tags["brier"])
    if brier < best:
        client.set_registered_model_alias(MODEL_NAME, CHAMPION, registered)
        return True, f"Brier {brier:.4f} beats version {champion.version}'s {best:.4f}"
    return False, f"Brier {brier:.4f} does not beat version {champion.version}'s {best:.4f}"
