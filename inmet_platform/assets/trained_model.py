"""The fifth asset: the clean files to a rain model in MLflow."""

import base64
import json
import math
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg

from inmet_platform.assets.inmet_clean_csv import inmet_clean_csv
from inmet_platform.model.recipe import MODEL_NAME
from inmet_platform.resources.mlflow import MlflowTracking
from inmet_platform.resources.results import ResultsFolder

if TYPE_CHECKING:
    from inmet_platform.model.training import RainModel
    from inmet_platform.model_registry.promotion import Promotion

SHOWN_SCORES = (
    *("brier", "skill_against_markov", "skill_against_markov_by_amount"),
    *("average_precision", "csi", "hss", "pod", "far", "calibration_error"),
)


@dg.asset(
    deps=[inmet_clean_csv],
    group_name="inmet",
    kinds={"scikitlearn", "mlflow"},
    automation_condition=dg.AutomationCondition.eager(),
)
def trained_model(
    context: dg.AssetExecutionContext, results: ResultsFolder, mlflow: MlflowTracking
) -> dg.MaterializeResult:
    """How likely more than 0, 5 and 25 mm fall in the next hour, in MLflow as `inmet-rain`.

    **Takes** the newest clean hours (of the whole network some 13 months). **Makes** a gradient
    boosting for each threshold from what the station and its neighbours measured, fitted on the
    first two thirds of the hours, calibrated on the next sixth and scored on the last, beside
    persistence, climatology, Markov and a logistic regression; a tenth of the stations is held
    out of all fitting. Registered with scores, intervals, pictures and a model card; the alias
    `champion` moves to a model that is better beyond chance on the same hours. With too few hours
    to learn from, or the same data as before, it registers nothing and says so (`trained:
    false`); the chain goes on. Not daily sums, not places without a station.
    """
    from inmet_platform.model.reading import read_grid, read_stations
    from inmet_platform.model.summary import model_summary
    from inmet_platform.model.training import NotEnoughData, fingerprint, train
    from inmet_platform.model_registry import registry
    from inmet_platform.model_registry.promotion import list_versions, promote_if_better
    from inmet_platform.model_registry.registration import register
    from inmet_platform.results.result_files import write_json

    started = time.monotonic()
    with mlflow.run("trained_model", {"dagster/run_id": context.run.run_id}) as run_id:
        client = mlflow.client()
        stations = read_stations(results.files.stations_csv)
        grid = read_grid(results.files.clean_folder, stations.places)
        hours = int(grid.observed.sum()) if grid else 0
        known = registry.version_with_fingerprint(client, fingerprint(grid)) if grid else None
        # A training that was killed half way has a version, but nothing that follows from it.
        is_done = registry.champion_version(client) and results.files.model_json.exists()
        if known and is_done:
            _tell_versions(results.files.model_json, list_versions(client))
            reason = f"the same data made {MODEL_NAME} version {known}"
            client.set_tag(run_id, "not_trained", reason)
            return _not_trained(run_id, hours, f"unchanged: {reason}", model_version=known)
        try:
            if grid is None:
                raise NotEnoughData("expected clean observations; found none.")
            model = train(grid, stations.regions)
        except NotEnoughData as shortage:
            client.set_tag(run_id, "not_trained", str(shortage))
            context.log.warning(f"not trained: {shortage}")
            return _not_trained(run_id, hours, f"not trained: {shortage}")
        registered = register(client, run_id, model)
        promotion = promote_if_better(client, registered, model)
        summary = model_summary(model, registered, f"{promotion.outcome}: {promotion.reason}")
        write_json(results.files.model_json, {**summary, "versions": list_versions(client)})
    context.log.info(_summary(model, registered))
    return dg.MaterializeResult(
        metadata={
            **_metadata(model, registered, promotion),
            "dagster/row_count": hours,
            "mlflow_run_id": run_id,
            "mlflow_run": dg.MetadataValue.url(mlflow.link(run_id)),
            "seconds": round(time.monotonic() - started, 2),
        }
    )


def _tell_versions(path: Path, present: list[dict[str, Any]]) -> None:
    """Put the versions as they are now: the alias may have been moved by hand."""
    from inmet_platform.results.result_files import write_json

    told = json.loads(path.read_text(encoding="utf-8"))
    if told.get("versions") != present:
        write_json(path, {**told, "versions": present})


def _not_trained(run_id: str, hours: int, sentence: str, **more: str) -> dg.MaterializeResult:
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": hours,
            "trained": False,
            "summary": sentence,
            "mlflow_run_id": run_id,
            **more,
        }
    )


def _summary(model: "RainModel", registered: str) -> str:
    scores = model.evaluation.find(0.0, "all", "model").scores
    persistence = model.evaluation.find(0.0, "all", "persistence").scores
    return (
        f"inmet-rain version {registered}: CSI {scores['csi']:.3f} "
        f"(persistence {persistence['csi']:.3f}), "
        f"Brier skill {scores['skill_against_markov']:+.3f} against Markov, "
        f"{scores['skill_against_climatology']:+.3f} against climatology"
    )


def _metadata(
    model: "RainModel", registered: str, promotion: "Promotion"
) -> dict[str, dg.MetadataValue | bool | int | float | str]:
    from inmet_platform.model.card import model_card
    from inmet_platform.model.plots import draw

    pictures = {
        name.removesuffix(".png"): dg.MetadataValue.md(_picture(name, data))
        for name, data in draw(model.evaluation).items()
    }
    return {
        "trained": True,
        "summary": _summary(model, registered),
        "scores": dg.MetadataValue.md(_table(model)),
        "model_card": dg.MetadataValue.md(model_card(model)),
        "model_version": registered,
        "champion": f"{promotion.outcome}: {promotion.reason}",
        "periods": dg.MetadataValue.json(model.periods),
        **pictures,
    }


def _picture(name: str, data: bytes) -> str:
    return f"![{name}](data:image/png;base64,{base64.b64encode(data).decode()})"


def _table(model: "RainModel") -> str:
    verdicts = [
        it for it in model.evaluation.verdicts if (it.threshold_mm, it.part) == (0.0, "all")
    ]
    lines = [f"| rain > 0 | {' | '.join(it.contender for it in verdicts)} |"]
    lines.append("|---" * (len(verdicts) + 1) + "|")
    for name in SHOWN_SCORES:
        values = [it.scores[name] for it in verdicts]
        cells = ["-" if math.isnan(value) else f"{value:.3f}" for value in values]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)
