"""Models in MLflow: how one is written down, found again, and made the champion.

Knows nothing of Dagster. Only clients with their own address are used: MLflow's fluent calls
(`start_run`, `log_model`) keep the store and the active run in globals that callers would share.
"""

from __future__ import annotations

import json
import logging
import math
import warnings
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from inmet_platform.errors import PlatformError
from inmet_platform.model.recipe import CHAMPION, MODEL_NAME

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import LoggedModel
    from mlflow.entities.model_registry import ModelVersion

    from inmet_platform.config.shared_servers import SharedServers
    from inmet_platform.model.drift import Profile
    from inmet_platform.model.training import RainModel

PROFILE = "feature_profile.json"

# What skops does not know by itself: the trees of scikit-learn's gradient boosting and our
# classifier, which needs this package where it is loaded. Without them it refuses.
TRUSTED_TYPES = [
    "inmet_platform.model.classifier.RainClassifier",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
]


class UnreadableModel(PlatformError):
    """A registered version that cannot be loaded."""


@dataclass(frozen=True)
class StoredModel:
    """A version of the model, loaded: its number, its run, the classifier, what it was told.

    `told`: the metadata beside the model, such as `features` and `rain_threshold`.
    """

    version: str
    run_id: str
    estimator: Any
    told: dict[str, Any]

    def knows(self, features: list[str]) -> bool:
        """Whether it was fitted on these features, and so can be asked with them."""
        return bool(self.told.get("features") == features)


def open_client(settings: SharedServers) -> MlflowClient:
    """MLflow's client for the store, which is made when it is missing."""
    # It tells of every table it makes.
    logging.getLogger("mlflow.store.db.utils").setLevel(logging.WARNING)
    from mlflow import MlflowClient

    _set_up_downloads()
    uri = settings.mlflow_client_uri()
    if not uri.startswith(("http://", "https://")):
        _import_quietly("mlflow.store.tracking.sqlalchemy_store")
    if uri.startswith("sqlite:///"):
        Path(uri.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    return MlflowClient(tracking_uri=uri, registry_uri=uri)


def write_down(client: MlflowClient, run_id: str, model: RainModel) -> str:
    """Parameters, scores with their intervals, pictures, card and the model; the new version."""
    _import_quietly("mlflow.pyfunc")
    from mlflow.entities import Metric, Param

    now = client.get_run(run_id).info.start_time
    parameters = {**model.parameters, **model.periods}
    client.log_batch(
        run_id,
        params=[Param(key, str(value)[:6000]) for key, value in parameters.items()],
        metrics=[Metric(key, value, now, 0) for key, value in _metrics(model).items()],
    )
    with TemporaryDirectory() as folder:
        for name, content in _artifacts(model).items():
            (Path(folder) / name).write_bytes(content)
        client.log_artifacts(run_id, folder)
    registered = _register(client, run_id, _store(client, run_id, model))
    fingerprint = model.parameters["fingerprint"]
    client.set_model_version_tag(MODEL_NAME, registered, "fingerprint", fingerprint)
    return registered


def made_of(client: MlflowClient, fingerprint: str) -> str | None:
    """The newest version with this fingerprint; None when there is none."""
    wanted = f"name = '{MODEL_NAME}' and tags.fingerprint = '{fingerprint}'"
    found = client.search_model_versions(wanted, max_results=1, order_by=["version_number DESC"])
    return str(found[0].version) if found else None


def champion_version(client: MlflowClient) -> ModelVersion | None:
    """The version with the alias; None when there is none."""
    if not client.search_registered_models(f"name = '{MODEL_NAME}'"):
        return None
    aliases = client.get_registered_model(MODEL_NAME).aliases
    return client.get_model_version(MODEL_NAME, aliases[CHAMPION]) if CHAMPION in aliases else None


def load(client: MlflowClient, found: ModelVersion) -> StoredModel:
    """Load a version from wherever its files are.

    Raises:
        UnreadableModel: its files are gone, or hold a type that skops is not told to trust.
    """
    try:
        with TemporaryDirectory() as folder:
            return _of_files(found, _folder_of(client, str(found.source), folder))
    except Exception as error:
        why = " ".join(str(error).split())[:200] or type(error).__name__
        raise UnreadableModel(
            f"{MODEL_NAME} version {found.version} cannot be loaded from {found.source}: {why}",
            remedy="Materialize trained_model, or give the alias champion to another version.",
        ) from error


def load_champion(settings: SharedServers) -> StoredModel | None:
    """The version with the alias; None when there is none.

    Raises:
        UnreadableModel: as `load`.
    """
    client = open_client(settings)
    version = champion_version(client)
    return load(client, version) if version else None


def _of_files(found: ModelVersion, folder: Path) -> StoredModel:
    from yaml import safe_load  # type: ignore[import-untyped]

    # As it stands in the file: importing mlflow.models takes longer than all else here.
    told = safe_load((folder / "MLmodel").read_bytes())
    estimator = _loads((folder / told["flavors"]["sklearn"]["pickled_model"]).read_bytes())
    return StoredModel(str(found.version), str(found.run_id), estimator, told.get("metadata") or {})


def _folder_of(client: MlflowClient, source: str, scratch: str) -> Path:
    """Where a model's files are: where they lie, or fetched to `scratch`."""
    place = urlsplit(source)
    if place.scheme in {"", "file"}:
        return Path(url2pathname(place.path))
    from mlflow.artifacts import download_artifacts

    fetched = download_artifacts(
        artifact_uri=source, dst_path=scratch, tracking_uri=client.tracking_uri
    )
    return Path(fetched)


def profile_of(client: MlflowClient, run_id: str) -> Profile:
    """Deciles of every feature by month, for drift; empty for a model that has none."""
    with TemporaryDirectory() as folder:
        if PROFILE not in {item.path for item in client.list_artifacts(run_id)}:
            return {}
        path = Path(client.download_artifacts(run_id, PROFILE, folder))
        profile: Profile = json.loads(path.read_text(encoding="utf-8"))
    return profile


def crown(client: MlflowClient, registered: str) -> None:
    """Give the alias to a version."""
    client.set_registered_model_alias(MODEL_NAME, CHAMPION, registered)


def _loads(data: bytes) -> Any:
    from skops.io import loads

    return loads(data, trusted=TRUSTED_TYPES)


def _metrics(model: RainModel) -> dict[str, float]:
    """`over_5_mm_model_csi`, `…_low`, `…_high`; those of parts with their name; NaN left out."""
    made = {f"macro_f1_{name}": value for name, value in model.evaluation.macro_f1.items()}
    for it in model.evaluation.verdicts:
        part = "" if it.part == "all" else it.part.replace(":", "").replace(" ", "_") + "_"
        name = f"over_{it.threshold_mm:g}_mm_{part}{it.contender}_"
        made |= {name + score: value for score, value in it.scores.items()}
        for score, (low, high) in it.interval.items():
            made |= {f"{name}{score}_low": low, f"{name}{score}_high": high}
    return {name: value for name, value in made.items() if math.isfinite(value)}


def _artifacts(model: RainModel) -> dict[str, bytes]:
    from inmet_platform.model.card import model_card
    from inmet_platform.model.plots import draw

    return {
        **draw(model.evaluation),
        "model_card.md": model_card(model).encode(),
        "scores.csv": model.evaluation.table().to_csv(index=False).encode(),
        PROFILE: json.dumps(model.feature_profile).encode(),
    }


def _store(client: MlflowClient, run_id: str, model: RainModel) -> LoggedModel:
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
            input_example=model.feature_example,
            pyfunc_predict_fn="predict_proba",
            serialization_format="skops",
            skops_trusted_types=TRUSTED_TYPES,
            # Given, because finding them out takes MLflow some ten seconds.
            pip_requirements=[f"{name}=={version(name)}" for name in ("scikit-learn", "skops")],
            metadata={
                "features": list(model.feature_example.columns),
                **{name: model.parameters[name] for name in ("rain_threshold", "period")},
            },
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


def _set_up_downloads() -> None:
    """What somebody has set stays."""
    from mlflow import environment_variables as variables

    for variable in (
        # Else a server hands out signed addresses of a bucket that only it may reach.
        variables.MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD,
        # A bar for seven small files would stand among the command line's own words.
        variables.MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR,
    ):
        if not variable.is_set():  # type: ignore[no-untyped-call]
            variable.set(False)  # type: ignore[no-untyped-call]


def _import_quietly(module: str) -> None:
    """Import what MLflow would import later: it warns of its own code, which nobody here can mend.

    Its tables use a way of SQLAlchemy that is going away, and its agents' type hints are vague.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The ``noload`` loader strategy")
        warnings.filterwarnings("ignore", message=".*inferred as AnyType", category=UserWarning)
        import_module(module)
