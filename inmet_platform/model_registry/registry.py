"""MLflow's client, and the versions of the model: how to find and load one, and the champion.

Only clients with an address of their own are used: MLflow's fluent calls (`start_run`, `log_model`)
keep the store and the active run in globals that all callers would share.
"""

from __future__ import annotations

import json
import logging
import warnings
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from inmet_platform.config.file_lock import exclusive_lock
from inmet_platform.errors import PlatformError
from inmet_platform.model.recipe import CHAMPION, MODEL_NAME

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Run
    from mlflow.entities.model_registry import ModelVersion

    from inmet_platform.config.shared_servers import SharedServers
    from inmet_platform.model.drift import Profile

PROFILE = "feature_profile.json"

# Types that skops loads only when told to: the trees of scikit-learn's gradient boosting, and our
# classifier, which needs this package where it is loaded.
TRUSTED_TYPES = [
    "inmet_platform.model.classifier.RainClassifier",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
]


class UnreadableModel(PlatformError):
    """A registered version is not there any more, or is there and cannot be read."""


class StoreUnavailable(PlatformError):
    """The store of the models did not answer, or not with the files that it lists."""


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
    if not uri.startswith("sqlite:///"):
        return MlflowClient(tracking_uri=uri, registry_uri=uri)
    folder = Path(uri.removeprefix("sqlite:///")).parent
    folder.mkdir(parents=True, exist_ok=True)
    # Of two that find no tables, MLflow has the second fail.
    with exclusive_lock(folder):
        return MlflowClient(tracking_uri=uri, registry_uri=uri)


def import_quietly(module: str) -> None:
    """Import a module of MLflow without the warnings about MLflow's own code.

    Its tables use a deprecated loader of SQLAlchemy, and the type hints of its agents are vague.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The ``noload`` loader strategy")
        warnings.filterwarnings("ignore", message=".*inferred as AnyType", category=UserWarning)
        import_module(module)


@dataclass(frozen=True)
class StoredModel:
    """A loaded version of the model: its number, its run, the classifier, and its metadata.

    `metadata`: what was stored beside the model, such as `features` and `rain_threshold`.
    """

    version: str
    run_id: str
    estimator: Any
    metadata: dict[str, Any]

    def has_features(self, names: list[str]) -> bool:
        """Whether it was fitted on these features, so that it can make forecasts from them."""
        return bool(self.metadata.get("features") == names)


def newest_versions(client: MlflowClient, count: int, condition: str = "") -> list[ModelVersion]:
    """The newest versions, the newest first, that meet a condition in MLflow's filter syntax."""
    wanted = f"name = '{MODEL_NAME}'{condition and ' and ' + condition}"
    order = ["version_number DESC"]
    return list(client.search_model_versions(wanted, max_results=count, order_by=order))


def version_with_fingerprint(client: MlflowClient, fingerprint: str) -> str | None:
    """The newest version that was trained on data with this fingerprint; None without one."""
    found = newest_versions(client, 1, f"tags.fingerprint = '{fingerprint}'")
    return str(found[0].version) if found else None


def tag_fingerprint(client: MlflowClient, version: str, fingerprint: str) -> None:
    """Say what data a version was trained on; last, since they are not learned again then."""
    client.set_model_version_tag(MODEL_NAME, version, "fingerprint", fingerprint)


def run_of(client: MlflowClient, version: ModelVersion) -> Run | None:
    """The run that made a version; None when somebody deleted it for good."""
    from mlflow.exceptions import MlflowException

    try:
        return client.get_run(str(version.run_id))
    except MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
        return None


def champion_version(client: MlflowClient) -> ModelVersion | None:
    """The version with the alias `champion`; None without one."""
    for model in client.search_registered_models(f"name = '{MODEL_NAME}'"):
        if CHAMPION in model.aliases:
            return client.get_model_version(MODEL_NAME, model.aliases[CHAMPION])
    return None


def load(client: MlflowClient, version: ModelVersion) -> StoredModel:
    """Load a version from wherever its files are.

    Raises:
        StoreUnavailable: the store does not answer; the same call may succeed later.
        UnreadableModel: the store answers, and the files are gone, damaged, or hold a type that is
            not among `TRUSTED_TYPES`.
    """
    from skops.io import load as load_estimator
    from yaml import safe_load  # type: ignore[import-untyped]

    with TemporaryDirectory() as scratch:
        folder = _fetch(client, version, scratch)
        try:
            # The file itself: importing mlflow.models takes longer than everything else here.
            description = safe_load((folder / "MLmodel").read_bytes())
            path = folder / description["flavors"]["sklearn"]["pickled_model"]
            estimator = load_estimator(path, trusted=TRUSTED_TYPES)
            metadata = description.get("metadata") or {}
        except MemoryError:  # tells of this machine, not of the model
            raise
        except Exception as error:
            raise UnreadableModel(
                f"{MODEL_NAME} version {version.version} cannot be loaded from {version.source}: "
                f"{_why(error)}",
                remedy="Materialize trained_model, or give the alias champion to another version.",
            ) from error
    return StoredModel(str(version.version), str(version.run_id), estimator, metadata)


def _fetch(client: MlflowClient, version: ModelVersion, scratch: str) -> Path:
    """Copy what the store lists of a version; an empty folder when it lists nothing.

    A listing tells the two apart: a store that answers says what is there. MLflow's errors do not;
    a missing file and a server that fails can both be an internal error.
    """
    from mlflow.artifacts import download_artifacts, list_artifacts

    uri = client.tracking_uri
    try:
        if not list_artifacts(version.source, tracking_uri=uri):
            return Path(scratch)
        return Path(download_artifacts(version.source, dst_path=scratch, tracking_uri=uri))
    except Exception as error:
        raise StoreUnavailable(
            f"expected {MODEL_NAME} version {version.version} from {version.source}; its store did "
            f"not give it: {_why(error)}",
            remedy="Try again when the store answers; `inmet doctor` asks it.",
        ) from error


def _why(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def feature_profile(client: MlflowClient, run_id: str) -> Profile:
    """The deciles of every feature by month, stored for drift; empty for a model without them."""
    if PROFILE not in {item.path for item in client.list_artifacts(run_id)}:
        return {}
    with TemporaryDirectory() as folder:
        path = Path(client.download_artifacts(run_id, PROFILE, folder))
        profile: Profile = json.loads(path.read_text(encoding="utf-8"))
    return profile
