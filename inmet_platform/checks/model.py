"""Checks on the model: why the champion is the champion, and whether it still fits."""

import dagster as dg

from inmet_platform.assets.rain_forecast import rain_forecast
from inmet_platform.assets.trained_model import trained_model
from inmet_platform.model.recipe import CHAMPION, MODEL_NAME
from inmet_platform.resources.mlflow import MlflowTracking
from inmet_platform.resources.results import ResultsFolder


@dg.asset_check(asset=trained_model)
def newest_model_is_no_worse_than_the_champion(mlflow: MlflowTracking) -> dg.AssetCheckResult:
    """Says why the newest model is, or is not, the champion; warns when it is worse beyond chance.

    A worse model means that somebody should look at the new data or at the training.
    """
    from inmet_platform.model_registry import promotion, registry

    client = mlflow.client()
    newest = registry.newest_versions(client, 1)
    champion = registry.champion_version(client)
    if not newest:
        return dg.AssetCheckResult(passed=True, description="no model is registered")
    if champion is None:
        return dg.AssetCheckResult(
            passed=False,
            severity=dg.AssetCheckSeverity.WARN,
            description=f"no version of {MODEL_NAME} has the alias {CHAMPION}",
        )
    tags = newest[0].tags
    outcome = tags.get(promotion.OUTCOME, "never compared")
    return dg.AssetCheckResult(
        passed=outcome in {promotion.PROMOTED, promotion.KEPT},
        severity=dg.AssetCheckSeverity.WARN,
        description=f"version {newest[0].version}: {outcome}; {tags.get(promotion.REASON, '')}",
        metadata={
            "newest version": str(newest[0].version),
            "champion": str(champion.version),
            "threshold": "the 90 % interval of the difference of Brier scores",
        },
    )


@dg.asset_check(asset=rain_forecast)
def champion_still_fits(mlflow: MlflowTracking, results: ResultsFolder) -> dg.AssetCheckResult:
    """Warns when features have drifted since the training, or when newer hours score much worse.

    Drift is the population stability index of each feature over the newest month, compared with the
    same months of the champion's training and test hours. The score is the Brier score for rain on
    hours after those. Writes `inmet_drift.json` for the dashboards.
    """
    from inmet_platform.model.drift import DRIFT_LIMIT
    from inmet_platform.model_registry.monitoring import WORST_RATIO, check_champion
    from inmet_platform.results.result_files import write_json

    found = check_champion(mlflow.settings, results.files)
    if found is None:
        results.files.drift_json.unlink(missing_ok=True)
        return dg.AssetCheckResult(passed=True, description="there is no champion to ask")
    write_json(results.files.drift_json, found.summary())
    return dg.AssetCheckResult(
        passed=found.fits,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "model_version": found.version,
            "threshold": f"index {DRIFT_LIMIT}; Brier score {WORST_RATIO} times the test block's",
            "drifted features": dg.MetadataValue.json(
                {name: round(index, 3) for name, index in found.drifted.items()}
            ),
            "hours never seen": found.hours,
            "Brier score on them": found.brier,
            "Brier score of the test block": found.expected_brier,
        },
    )
