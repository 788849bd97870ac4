"""Whether a new model becomes the champion: both forecast the new model's test block."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from inmet_platform.model.recipe import CHAMPION, MODEL_NAME
from inmet_platform.model.scores import Comparison, compare
from inmet_platform.model_registry import registry

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities.model_registry import ModelVersion

    from inmet_platform.model.training import RainModel

# Tags of a version: the outcome and the reason, for the asset check and for people.
OUTCOME, REASON = "champion_outcome", "champion_reason"
PROMOTED, KEPT, WORSE = "crowned", "champion kept", "worse than the champion"
# Dashboards list so many versions.
LISTED = 20


@dataclass(frozen=True)
class Promotion:
    """The outcome, one of PROMOTED, KEPT and WORSE, and the reason."""

    outcome: str
    reason: str


def promote_if_better(client: MlflowClient, version: str, model: RainModel) -> Promotion:
    """Move the alias `champion` to a new version when it is better beyond chance.

    Both models forecast the same hours, the new model's test block, and the 90 % interval of the
    difference of their Brier scores for rain decides. A champion that cannot be loaded or needs
    other features cannot forecast; then the new model must be better than Markov in the same way.
    """
    promotion = _decide(client, model)
    if promotion.outcome == PROMOTED:  # first: a kill in between must not leave tags without alias
        client.set_registered_model_alias(MODEL_NAME, CHAMPION, version)
    client.set_model_version_tag(MODEL_NAME, version, OUTCOME, promotion.outcome)
    client.set_model_version_tag(MODEL_NAME, version, REASON, promotion.reason)
    return promotion


def list_versions(client: MlflowClient) -> list[dict[str, Any]]:
    """The newest versions, the newest first, as dashboards show them.

    Returns:
        `version`, `trained_at` (UTC), `is_champion`, `outcome`, and the scores for rain on its own
        test block, `brier` and `skill_against_markov`, None when the run is gone.
    """
    champion = registry.champion_version(client)
    rows = []
    for it in registry.newest_versions(client, LISTED):
        metrics = _metrics_of(client, it)
        trained_at = datetime.fromtimestamp(it.creation_timestamp // 1000, UTC)
        rows.append(
            {
                "version": int(it.version),
                "trained_at": trained_at.isoformat(),
                "is_champion": champion is not None and it.version == champion.version,
                "outcome": it.tags.get(OUTCOME, "never compared"),
                "brier": metrics.get("over_0_mm_model_brier"),
                "skill_against_markov": metrics.get("over_0_mm_model_skill_against_markov"),
            }
        )
    return rows


def _metrics_of(client: MlflowClient, version: ModelVersion) -> dict[str, float]:
    from mlflow.exceptions import MlflowException

    try:
        metrics: dict[str, float] = client.get_run(str(version.run_id)).data.metrics
    except MlflowException:  # somebody deleted the run for good
        return {}
    return metrics


def _decide(client: MlflowClient, model: RainModel) -> Promotion:
    present = registry.champion_version(client)
    if present is None:
        return Promotion(PROMOTED, "there was no champion")
    try:
        champion = registry.load(client, present)
    except registry.UnreadableModel as error:
        return _against_markov(model, str(present.version), str(error))
    if not champion.has_features(list(model.feature_example.columns)):
        return _against_markov(model, champion.version, "it was made with other features")
    found = _compare(model, champion.estimator.predict_proba(model.test.features)[:, 0])
    outcome = {"better": PROMOTED, "worse": WORSE}.get(found.verdict, KEPT)
    return Promotion(outcome, f"version {champion.version}: {found.sentence}")


def _against_markov(model: RainModel, version: str, why: str) -> Promotion:
    found = _compare(model, model.evaluation.probability["markov"])
    reason = f"version {version} cannot be asked ({why[:300]}); beside Markov, {found.sentence}"
    return Promotion(PROMOTED if found.verdict == "better" else KEPT, reason)


def _compare(model: RainModel, other: Any) -> Comparison:
    observed, new = model.evaluation.observed, model.evaluation.probability["model"]
    return compare(observed, new, other, model.test.hour)
