"""Whether a new model becomes the champion: both forecast hours that neither has seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from inmet_platform.model.challenge import (
    FEWEST_HOURS,
    Challenge,
    Seen,
    challenge,
    seen_by,
    seen_until,
)
from inmet_platform.model.recipe import CHAMPION, MODEL_NAME
from inmet_platform.model_registry import registry
from inmet_platform.model_registry.registration import register

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
    """The outcome, one of PROMOTED, KEPT and WORSE, the reason, and the challenge if any."""

    outcome: str
    reason: str
    challenge: Challenge | None = None


def register_challenger(
    client: MlflowClient, run_id: str, model: RainModel
) -> tuple[str, Promotion]:
    """Register a new version, and give it the alias `champion` when it is better beyond chance.

    Both models forecast the hours of the new model's test block that the champion was neither
    fitted nor calibrated on, and the 90 % interval of the difference of their Brier scores for rain
    decides. With too few of them the champion stays. A champion that cannot be read or needs other
    features cannot forecast; then the new model must be better than Markov in the same way.

    Returns:
        The version, and what became of it.

    Raises:
        StoreUnavailable: the champion could not be fetched; nothing is registered or promoted.
    """
    promotion = _decide(client, model)
    version = register(client, run_id, model, promotion.challenge)
    if promotion.outcome == PROMOTED:  # first: a kill in between must not leave tags without alias
        client.set_registered_model_alias(MODEL_NAME, CHAMPION, version)
    client.set_model_version_tag(MODEL_NAME, version, OUTCOME, promotion.outcome)
    client.set_model_version_tag(MODEL_NAME, version, REASON, promotion.reason)
    registry.tag_fingerprint(client, version, model.parameters["fingerprint"])
    return version, promotion


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
    run = registry.run_of(client, version)
    return run.data.metrics if run else {}


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
    seen, source = _seen(client, present, champion)
    said = champion.estimator.predict_proba(model.test.features)[:, 0]
    unseen = seen.leaves(model.test_times)
    found = challenge(model, f"version {champion.version}", said, unseen, fewest=FEWEST_HOURS)
    verdict = found.comparison.verdict if found.comparison else ""
    outcome = {"better": PROMOTED, "worse": WORSE}.get(verdict, KEPT)
    return Promotion(outcome, f"{found.sentence}{source}", found)


def _seen(
    client: MlflowClient, version: ModelVersion, champion: registry.StoredModel
) -> tuple[Seen, str]:
    """What the champion has seen, and a clause for a person when nothing was written down.

    It stands beside the model, for an older version in the parameters of its run. Where both are
    gone, it may have seen every hour until it was registered.
    """
    periods = champion.metadata.get("periods")
    if periods is None and (run := registry.run_of(client, version)):
        periods = run.data.params
    if seen := seen_by(periods or {}):
        return seen, ""
    registered = np.datetime64(version.creation_timestamp, "ms").astype("datetime64[h]")
    source = (
        f"; nothing tells what version {champion.version} was fitted on, so it counts as having "
        f"seen every hour until it was registered ({registered} UTC)"
    )
    return seen_until(registered), source


def _against_markov(model: RainModel, version: str, why: str) -> Promotion:
    said = model.evaluation.probability["markov"]
    # Markov was fitted where the new model was. Without a champion nothing forecasts at all, so any
    # number of hours will do.
    found = challenge(model, "Markov", said, np.ones(len(model.test), bool), fewest=1)
    reason = f"version {version} cannot be asked ({why[:300]}); {found.sentence}"
    better = found.comparison and found.comparison.verdict == "better"
    return Promotion(PROMOTED if better else KEPT, reason, found)
