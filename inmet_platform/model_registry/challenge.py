"""A new model against the present champion, on the new one's test block."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from inmet_platform.model.bootstrap import BLOCK_H
from inmet_platform.model.comparison import Comparison, compare
from inmet_platform.model.recipe import MODEL_NAME
from inmet_platform.model_registry import registry

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities.model_registry import ModelVersion

    from inmet_platform.model.training import RainModel

# On the version: what became of it and why, for the asset check and for people.
OUTCOME, REASON = "champion_outcome", "champion_reason"
CROWNED, KEPT, WORSE = "crowned", "champion kept", "worse than the champion"
# More versions than that nobody reads.
SHOWN = 20


@dataclass(frozen=True)
class Challenge:
    """How it ended: one of CROWNED, KEPT, WORSE, and why."""

    outcome: str
    reason: str


def challenge(client: MlflowClient, registered: str, model: RainModel) -> Challenge:
    """Move the alias `champion` to a new version when it is better beyond chance.

    Both models forecast the same hours, the new one's test block; the interval is that of the
    difference of their Brier scores of rain. A champion that knows other features cannot be
    asked; then the new one must beat Markov by as much as a champion would have to be beaten.
    """
    ended = _decide(client, model)
    if ended.outcome == CROWNED:  # first: whoever is killed here leaves no crown without a king
        registry.crown(client, registered)
    client.set_model_version_tag(MODEL_NAME, registered, OUTCOME, ended.outcome)
    client.set_model_version_tag(MODEL_NAME, registered, REASON, ended.reason)
    return ended


def versions(client: MlflowClient) -> list[dict[str, Any]]:
    """The newest versions, the newest first, as dashboards show them.

    Returns:
        `version`, `trained_at` (UTC), `is_champion`, `outcome`, and of rain on its own test block
        `brier` and `skill_against_markov`, None where they were not written.
    """
    champion = registry.champion_version(client)
    found = client.search_model_versions(
        f"name = '{MODEL_NAME}'", max_results=SHOWN, order_by=["version_number DESC"]
    )
    rows = []
    for it in found:
        metrics = _metrics_of(client, it)
        rows.append(
            {
                "version": int(it.version),
                "trained_at": datetime.fromtimestamp(
                    it.creation_timestamp // 1000, UTC
                ).isoformat(),
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


def _decide(client: MlflowClient, model: RainModel) -> Challenge:
    present = registry.champion_version(client)
    if present is None:
        return Challenge(CROWNED, "there was no champion")
    try:
        champion = registry.load(client, present)
    except registry.UnreadableModel as error:
        return _instead_of_an_unreadable_one(model, str(present.version), str(error))
    if not champion.knows(list(model.feature_example.columns)):
        return _instead_of_an_unreadable_one(
            model, champion.version, "it was made with other features"
        )
    said = champion.estimator.predict_proba(model.test.features)[:, 0]
    found = _compare(model, said)
    reason = f"version {champion.version}: {found.sentence}"
    if found.is_better:
        return Challenge(CROWNED, reason)
    return Challenge(WORSE if found.is_worse else KEPT, reason)


def _instead_of_an_unreadable_one(model: RainModel, version: str, why: str) -> Challenge:
    found = _compare(model, model.evaluation.probability["markov"])
    told = f"version {version} cannot be asked ({why[:300]}); beside Markov, "
    outcome = CROWNED if found.is_better else KEPT
    return Challenge(outcome, told + found.sentence)


def _compare(model: RainModel, other: object) -> Comparison:
    week = model.test.hour // BLOCK_H
    return compare(
        model.evaluation.observed,
        model.evaluation.probability["model"],
        other,  # type: ignore[arg-type]
        week - int(week.min()),
    )
