"""What a training writes into MLflow: its run with scores and pictures, and the model's version."""

from __future__ import annotations

import json
import math
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from inmet_platform.model.recipe import MODEL_NAME
from inmet_platform.model_registry.registry import PROFILE, TRUSTED_TYPES, import_quietly

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import LoggedModel

    from inmet_platform.model.challenge import Challenge
    from inmet_platform.model.training import RainModel


def register(
    client: MlflowClient, run_id: str, model: RainModel, challenged: Challenge | None = None
) -> str:
    """Store parameters, scores with intervals, pictures, card and model; return the new version.

    `challenged`: how it did beside the champion, for the card; None when there was none.
    """
    import_quietly("mlflow.pyfunc")
    from mlflow.entities import Metric, Param

    now = client.get_run(run_id).info.start_time
    parameters = {**model.parameters, **model.periods}
    client.log_batch(
        run_id,
        params=[Param(key, str(value)[:6000]) for key, value in parameters.items()],
        metrics=[Metric(key, value, now, 0) for key, value in _metrics(model).items()],
    )
    with TemporaryDirectory() as folder:
        for name, content in _artifacts(model, challenged).items():
            (Path(folder) / name).write_bytes(content)
        client.log_artifacts(run_id, folder)
    return _new_version(client, run_id, _store(client, run_id, model))


def _metrics(model: RainModel) -> dict[str, float]:
    """`over_5_mm_model_csi`, `…_low`, `…_high`; a part's name stands before the contender's.

    A score without meaning (NaN) is left out.
    """
    metrics = {f"macro_f1_{name}": value for name, value in model.evaluation.macro_f1.items()}
    for it in model.evaluation.verdicts:
        part = "" if it.part == "all" else it.part.replace(":", "").replace(" ", "_") + "_"
        prefix = f"over_{it.threshold_mm:g}_mm_{part}{it.contender}_"
        metrics |= {prefix + name: value for name, value in it.values().items()}
    return {name: value for name, value in metrics.items() if math.isfinite(value)}


def _artifacts(model: RainModel, challenged: Challenge | None) -> dict[str, bytes]:
    from inmet_platform.model.card import model_card
    from inmet_platform.model.plots import draw

    return {
        **draw(model.evaluation),
        "model_card.md": model_card(model, challenged).encode(),
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
            code_paths=[_code(Path(folder))],
            serialization_format="skops",
            skops_trusted_types=TRUSTED_TYPES,
            # Given here because MLflow takes some ten seconds to find them out.
            pip_requirements=[f"{name}=={version(name)}" for name in ("scikit-learn", "skops")],
            metadata={
                "features": list(model.feature_example.columns),
                "periods": model.periods,
                **{name: model.parameters[name] for name in ("rain_threshold", "period")},
            },
        )
        client.log_model_artifacts(logged.model_id, f"{folder}/model")
    return client.finalize_logged_model(logged.model_id, "READY")


def _code(folder: Path) -> str:
    """The classifier's module in packages of their names, for those who have not this package.

    MLflow puts it on their path. The module imports nothing else of this package.
    """
    source = Path(__file__).parents[1]
    package = folder / source.name
    for name in ("__init__.py", "model/__init__.py", "model/classifier.py"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_bytes((source / name).read_bytes())
    return str(package)


def _new_version(client: MlflowClient, run_id: str, logged: LoggedModel) -> str:
    if not client.search_registered_models(f"name = '{MODEL_NAME}'"):
        client.create_registered_model(MODEL_NAME)
    # By its location and not as `models:/<id>`: MLflow's SQL registry looks that up in the global
    # tracking store, which is not set here.
    created = client.create_model_version(
        MODEL_NAME, source=logged.artifact_location, run_id=run_id, model_id=logged.model_id
    )
    # MLflow's pages find the version by this tag; a server writes it, an SQL store does not.
    versions = json.dumps([{"name": MODEL_NAME, "version": str(created.version)}])
    client.set_logged_model_tags(logged.model_id, {"mlflow.modelVersions": versions})
    return str(created.version)
