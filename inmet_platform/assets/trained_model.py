"""The fifth asset: the clean CSV to a rain model in MLflow."""

import math
import time
from typing import TYPE_CHECKING

import dagster as dg

from inmet_platform.assets.inmet_clean_csv import inmet_clean_csv
from inmet_platform.resources.mlflow import MlflowTracking
from inmet_platform.resources.results import ResultsFolder

if TYPE_CHECKING:
    from inmet_platform.model.training import RainModel
    from inmet_platform.resources.mlflow import Registered


@dg.asset(
    deps=[inmet_clean_csv],
    group_name="inmet",
    kinds={"scikitlearn", "mlflow"},
    automation_condition=dg.AutomationCondition.eager(),
)
def trained_model(
    context: dg.AssetExecutionContext, results: ResultsFolder, mlflow: MlflowTracking
) -> dg.MaterializeResult:
    """A first honest model of the next hour's rain class, in MLflow as `inmet-rain`.

    **Takes** the clean CSV. **Makes** a gradient boosting classifier, trained on the first 60 %
    of the hours, tuned on the next 20 % and scored on the last 20 % beside persistence,
    climatology and Markov, registered with its scores; the alias `champion` goes to the lowest
    Brier score. With too few hours to learn from, or the same data as before, it registers
    nothing and says so (`trained: false`); the chain goes on. Follows every new clean CSV.
    Hourly rain at stations it has seen, not daily sums, not places without a station.
    """
    from inmet_platform.model.reading import read_clean_csv
    from inmet_platform.model.training import NotEnoughData, fingerprint, train

    started = time.monotonic()
    with mlflow.run("trained_model", {"dagster/run_id": context.run.run_id}) as run_id:
        observations = read_clean_csv(results.clean_csv)
        hours = len(observations)
        if known := mlflow.made_of(fingerprint(observations)):
            mlflow.tag(run_id, "not_trained", f"the same data made {known}")
            return _not_trained(run_id, hours, f"unchanged: the same data made {known}")
        try:
            model = train(observations)
        except NotEnoughData as shortage:
            mlflow.tag(run_id, "not_trained", str(shortage))
            context.log.warning(f"not trained: {shortage}")
            return _not_trained(run_id, hours, f"not trained: {shortage}")
        registered = mlflow.log(run_id, model)
    context.log.info(_summary(model, registered))
    seconds = round(time.monotonic() - started, 2)
    return dg.MaterializeResult(metadata=_metadata(model, registered, hours, seconds))


def _not_trained(run_id: str, hours: int, sentence: str) -> dg.MaterializeResult:
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": hours,
            "trained": False,
            "summary": sentence,
            "mlflow_run_id": run_id,
        }
    )


def _summary(model: "RainModel", registered: "Registered") -> str:
    scores = model.scores
    return (
        f"inmet-rain version {registered.version}: CSI {scores['model_csi']:.3f} "
        f"(persistence {scores['persistence_csi']:.3f}), "
        f"Brier skill {scores['skill_against_markov']:+.3f} against Markov, "
        f"{scores['skill_against_climatology']:+.3f} against climatology"
    )


def _metadata(
    model: "RainModel", registered: "Registered", hours: int, seconds: float
) -> dict[str, dg.MetadataValue | bool | int | float | str]:
    return {
        "dagster/row_count": hours,
        "trained": True,
        "summary": _summary(model, registered),
        "scores": dg.MetadataValue.md(_table(model.scores)),
        "mlflow_run_id": registered.run_id,
        "model_version": registered.version,
        "champion": f"{'yes' if registered.is_champion else 'no'}: {registered.reason}",
        "periods": dg.MetadataValue.json(model.periods),
        "seconds": seconds,
        "mlflow_run": dg.MetadataValue.url(registered.link),
    }


def _table(scores: dict[str, float]) -> str:
    contenders = ("model", "persistence", "climatology", "markov")
    lines = [f"| rain > 0 | {' | '.join(contenders)} |", "|---" * (len(contenders) + 1) + "|"]
    for name in ("brier", "average_precision", "csi", "hss", "pod", "far"):
        values = [scores[f"{contender}_{name}"] for contender in contenders]
        cells = ["-" if math.isnan(value) else f"{value:.3f}" for value in values]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)
