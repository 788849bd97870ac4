"""MLflow for the training asset: one run a materialisation, FAILED when it fails.

Not dagster-mlflow's resource: it marks a failed run FINISHED unless a hook is attached, and
even then when launched by `dagster asset materialize`; two materialisations in one process
share its run. Here the run is opened and closed around the training itself.
"""

from __future__ import annotations

import json
import logging
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from inmet_platform.resources.home import HomeResource

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import LoggedModel

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
    """Where a model went: run, version, whether it is the champion now and why, the run's page."""

    run_id: str
    version: str
    is_champion: bool
    reason: str
    link: str


class MlflowTracking(HomeResource):
    """A tracking store: a server, or a database of one's own (SQLite beside the data).

    Only clients with their own address are used: MLflow's fluent calls (`start_run`,
    `log_model`) keep the store and the active run in globals that materialisations would share.
    """

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

    def tag(self, run_id: str, key: str, value: str) -> None:
        """Write a sentence on a run."""
        self.client().set_tag(run_id, key, value)

    def made_of(self, fingerprint: str) -> str | None:
        """The newest version with this fingerprint, in words; None when there is none."""
        wanted = f"name = '{MODEL_NAME}' and tags.fingerprint = '{fingerprint}'"
        found = self.client().search_model_versions(
            wanted, max_results=1, order_by=["version_number DESC"]
        )
        return f"{MODEL_NAME} version {found[0].version}" if found else None

    def log(self, run_id: str, model: RainModel) -> Registered:
        """Write parameters, scores and the model into a run, and register it."""
        client = self.client()
        for key, value in {**model.parameters, **model.periods}.items():
            client.log_param(run_id, key, value)
        for key, score in model.scores.items():
            if not math.isnan(score):
                client.log_metric(run_id, key, score)
        registered = _register(client, run_id, _log_model(client, run_id, model))
        fingerprint = model.parameters["fingerprint"]
        client.set_model_version_tag(MODEL_NAME, registered, "fingerprint", fingerprint)
        is_champion, reason = _compare(client, registered, model.scores["model_brier"])
        return Registered(run_id, registered, is_champion, reason, self._link(client, run_id))

    def client(self) -> MlflowClient:
        """MLflow's client for the store, which is made when it is missing."""
        # It tells of every table it makes.
        logging.getLogger("mlflow.store.db.utils").setLevel(logging.WARNING)
        from mlflow import MlflowClient

        _import_quietly()
        uri = self.settings.mlflow_client_uri()
        if uri.startswith("sqlite:///"):
            Path(uri.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        return MlflowClient(tracking_uri=uri, registry_uri=uri)

    def _experiment_id(self, client: MlflowClient) -> str:
        found = client.get_experiment_by_name(self.experiment)
        if found:
            return str(found.experiment_id)
        place = self.settings.mlflow_artifact_uri()
        return str(client.create_experiment(self.experiment, artifact_location=place))

    def _link(self, client: MlflowClient, run_id: str) -> str:
        experiment_id = client.get_run(run_id).info.experiment_id
        base = self.settings.mlflow_url.rstrip("/")
        return f"{base}/#/experiments/{experiment_id}/runs/{run_id}"


def _import_quietly() -> None:
    """Import what MLflow would import later: it warns of its own code, which nobody here can mend.

    Its tables use a way of SQLAlchemy that is going away, and its agents' type hints are vague.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The ``noload`` loader strategy")
        warnings.filterwarnings("ignore", message=".*inferred as AnyType", category=UserWarning)
        import mlflow.pyfunc
        import mlflow.store.tracking.sqlalchemy_store  # noqa: F401


def _log_model(client: MlflowClient, run_id: str, model: RainModel) -> LoggedModel:
    """Store the model as the run's output."""
    from mlflow.entities import LoggedModelOutput
    from mlflow.models import Model, infer_signature
    from mlflow.sklearn import save_model

    logged = client.create_logged_model(
        client.get_run(run_id).info.experiment_id, name="model", source_run_id=run_id
    )
    client.log_outputs(run_id, [LoggedModelOutput(logged.model_id, step=0)])
    with TemporaryDirectory() as folder:
        save_model(
            model.estimator,
            f"{folder}/model",
            mlflow_model=Model(run_id=run_id, model_id=logged.model_id),
            signature=infer_signature(model.feature_example, model.prediction_example),
            pyfunc_predict_fn="predict_proba",
            serialization_format="skops",
            skops_trusted_types=TRUSTED_TYPES,
            # Given, because finding them out takes MLflow some ten seconds.
            pip_requirements=[f"{name}=={version(name)}" for name in ("scikit-learn", "skops")],
            metadata={name: model.parameters[name] for name in ("classes", "rain_threshold")},
        )
        client.log_model_artifacts(logged.model_id, f"{folder}/model")
    return client.finalize_logged_model(logged.model_id, "READY")


def _register(client: MlflowClient, run_id: str, logged: LoggedModel) -> str:
    if not client.search_registered_models(f"name = '{MODEL_NAME}'"):
        client.create_registered_model(MODEL_NAME)
    # By its place, not as `models:/<id>`: MLflow's SQL registry looks that up in the global
    # tracking store (a TODO in its source), which is not set here.
    made = client.create_model_version(
        MODEL_NAME, source=logged.artifact_location, run_id=run_id, model_id=logged.model_id
    )
    # What MLflow's pages find the version by; a server writes it, an SQL store does not.
    versions = json.dumps([{"name": MODEL_NAME, "version": str(made.version)}])
    client.set_logged_model_tags(logged.model_id, {"mlflow.modelVersions": versions})
    return str(made.version)


def _compare(client: MlflowClient, registered: str, brier: float) -> tuple[bool, str]:
    """Give the alias `champion` to the version with the lower Brier score."""
    client.set_model_version_tag(MODEL_NAME, registered, "brier", str(brier))
    present = client.get_registered_model(MODEL_NAME).aliases.get(CHAMPION)
    if present is None:
        client.set_registered_model_alias(MODEL_NAME, CHAMPION, registered)
        return True, "there was no champion"
    tags = client.get_model_version(MODEL_NAME, present).tags
    if "brier" not in tags:
        return False, f"version {present} has no Brier score to compare with"
    best = float(tags["brier"])
    if brier < best:
        client.set_registered_model_alias(MODEL_NAME, CHAMPION, registered)
        return True, f"Brier {brier:.4f} beats version {present}'s {best:.4f}"
    return False, f"Brier {brier:.4f} does not beat version {present}'s {best:.4f}"
