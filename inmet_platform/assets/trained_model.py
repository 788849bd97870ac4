"""The fifth asset: from the clean files to a rain model in MLflow."""

import base64
import json
import math
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg

from inmet_platform.assets.conditions import WHEN_DEPS_ARE_TRUSTED
from inmet_platform.assets.dead_runs import is_over
from inmet_platform.assets.inmet_clean_csv import inmet_clean_csv
from inmet_platform.model.recipe import MODEL_NAME
from inmet_platform.resources.mlflow import DAGSTER_RUN, MlflowTracking
from inmet_platform.resources.results import ResultsFolder
from inmet_platform.results.result_files import write_json

if TYPE_CHECKING:
    from inmet_platform.model.challenge import Challenge
    from inmet_platform.model.training import RainModel

SHOWN_SCORES = (
    *("brier", "skill_against_markov", "skill_against_markov_by_amount"),
    *("average_precision", "csi", "hss", "pod", "far", "calibration_error"),
)


@dg.asset(
    deps=[inmet_clean_csv],
    group_name="inmet",
    kinds={"scikitlearn", "mlflow"},
    automation_condition=WHEN_DEPS_ARE_TRUSTED,
)
def trained_model(
    context: dg.AssetExecutionContext, results: ResultsFolder, mlflow: MlflowTracking
) -> dg.MaterializeResult:
    """The probability of more than 0, 5 and 25 mm in the next hour, in MLflow as `inmet-rain`.

    **Takes** the newest clean hours (some 13 months of the whole network). **Makes** a gradient
    boosting for each threshold from what a station and its neighbours measured. It is fitted on
    the first two thirds of the hours, calibrated on the next sixth and scored on the last, beside
    persistence, climatology, Markov and a logistic regression; a tenth of the stations is held
    out of all fitting. The model is registered with scores, intervals, pictures and a model card;
    the alias `champion` moves to a model that is better beyond chance on hours that neither has
    seen. With too few hours, or the same data as before, it registers nothing and says so
    (`trained: false`); the chain goes on. It does not forecast daily sums, nor places without a
    station.
    """
    from inmet_platform.model.reading import read_grid, read_stations
    from inmet_platform.model.training import NotEnoughData, fingerprint, train
    from inmet_platform.model_registry import registry
    from inmet_platform.model_registry.promotion import list_versions, register_challenger

    started = time.monotonic()
    for left in mlflow.end_left_runs(partial(is_over, context.instance)):
        context.log.warning(f"MLflow run {left} was left RUNNING by a training that died: KILLED")
    with mlflow.run("trained_model", {DAGSTER_RUN: context.run.run_id}) as run_id:
        client = mlflow.client()
        stations = read_stations(results.files.stations_csv)
        grid = read_grid(results.files.clean_folder, stations.places)
        hours = int(grid.observed.sum()) if grid else 0
        known = registry.version_with_fingerprint(client, fingerprint(grid)) if grid else None
        # A training that was killed has perhaps registered its version, but not finished the rest.
        is_done = registry.champion_version(client) and results.files.model_json.exists()
        if known and is_done:
            _update_versions(results.files.model_json, list_versions(client))
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
        version, promotion = register_challenger(client, run_id, model)
        champion = f"{promotion.outcome}: {promotion.reason}"
        summary = model.summary(version, champion, promotion.challenge)
        summary["versions"] = list_versions(client)
        write_json(results.files.model_json, summary)
    sentence = _summary(model, version)
    context.log.info(sentence)
    return dg.MaterializeResult(
        metadata={
            "trained": True,
            "summary": sentence,
            **_evidence(model, promotion.challenge),
            "model_version": version,
            "champion": champion,
            "periods": dg.MetadataValue.json(model.periods),
            "dagster/row_count": hours,
            "mlflow_run_id": run_id,
            "mlflow_run": dg.MetadataValue.url(mlflow.link(run_id)),
            "seconds": round(time.monotonic() - started, 2),
        }
    )


def _update_versions(path: Path, present: list[dict[str, Any]]) -> None:
    """Write the versions as they are now: somebody may have moved the alias by hand."""
    summary = json.loads(path.read_text(encoding="utf-8"))
    if summary.get("versions") != present:
        write_json(path, {**summary, "versions": present})


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


def _summary(model: "RainModel", version: str) -> str:
    scores = model.evaluation.find(0.0, "all", "model").scores
    persistence = model.evaluation.find(0.0, "all", "persistence").scores
    return (
        f"inmet-rain version {version}: CSI {scores['csi']:.3f} "
        f"(persistence {persistence['csi']:.3f}), "
        f"Brier skill {scores['skill_against_markov']:+.3f} against Markov, "
        f"{scores['skill_against_climatology']:+.3f} against climatology"
    )


def _evidence(
    model: "RainModel", challenged: "Challenge | None"
) -> dict[str, dg.MarkdownMetadataValue]:
    """Scores, model card and pictures, in Markdown."""
    from inmet_platform.model.card import model_card
    from inmet_platform.model.plots import draw

    texts = {"scores": _table(model), "model_card": model_card(model, challenged)}
    for file_name, data in draw(model.evaluation).items():
        name = file_name.removesuffix(".png")
        texts[name] = f"![{name}](data:image/png;base64,{base64.b64encode(data).decode()})"
    return {name: dg.MetadataValue.md(text) for name, text in texts.items()}


def _table(model: "RainModel") -> str:
    verdicts = model.evaluation.of_part(0.0, "all")
    lines = [f"| rain > 0 | {' | '.join(it.contender for it in verdicts)} |"]
    lines.append("|---" * (len(verdicts) + 1) + "|")
    for name in SHOWN_SCORES:
        values = [it.scores[name] for it in verdicts]
        cells = ["-" if math.isnan(value) else f"{value:.3f}" for value in values]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)
