"""The sensor that watches the pipes, repairs what is safe to repair, and reports the rest."""

from __future__ import annotations

import time

import dagster as dg
from dagster._core.definitions.asset_checks.asset_check_evaluation import (
    AssetCheckEvaluationTargetMaterializationData,
)
from pydantic import BaseModel

from inmet_platform.assets.snowflake_raw import snowflake_raw
from inmet_platform.checks.pipes import GO_ON, metadata, severity
from inmet_platform.errors import WarehouseError
from inmet_platform.resources.snowflake import SnowflakeWarehouse
from inmet_platform.snowpipe.repair import heal
from inmet_platform.snowpipe.watch import Finding, diagnose, view_pipes

EVERY_S = 120
# A refreshed file is refreshed again only after this time, because its load may begin late.
ASK_AGAIN_S = 1800


class Memory(BaseModel):
    """What earlier ticks reported, for which materialization, and what they refreshed (epoch s)."""

    told: list[str] | None = None
    told_of: int | None = None
    asked: dict[str, float] = {}


@dg.sensor(
    name="snowpipe_watch",
    minimum_interval_seconds=EVERY_S,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Watches Snowpipe: mends what is safe to mend, tells the rest by the check "
    f"{GO_ON} of snowflake_raw, with the runbook's paragraph.",
)
def snowpipe_watch(
    context: dg.SensorEvaluationContext, warehouse: SnowflakeWarehouse
) -> dg.SensorResult | dg.SkipReason:
    """Looks at all pipes in two statements that do not wake the warehouse; starts no run.

    It helps a run that waits for Snowpipe: only overdue files are refreshed, and the load history
    keeps each from being loaded twice.
    """
    memory = Memory.model_validate_json(context.cursor or "{}")
    again = time.time() - ASK_AGAIN_S
    memory.asked = {key: at for key, at in memory.asked.items() if at > again}
    settings = warehouse.settings
    try:
        with warehouse.session("dagster:sensor:snowpipe_watch") as session:
            overdue_s, resume = settings.snowpipe_overdue_s, settings.snowpipe_resume_paused
            findings = [
                heal(session, finding, resume_paused=resume, asked=memory.asked)
                for finding in diagnose(session, view_pipes(session), overdue_s=overdue_s)
            ]
    except WarehouseError as error:
        return dg.SkipReason(f"The pipes could not be asked. {error}")
    lines = [str(finding) for finding in findings]
    sentence = " ".join(lines) or "All pipes go on."
    # Dagster shows a check only for the newest materialization, so after a run it is sent again.
    made = _newest_materialization(context.instance)
    told_of = made.storage_id if made else None
    if (lines, told_of) == (memory.told, memory.told_of):
        before = "Told before: " if lines else ""
        return dg.SensorResult(skip_reason=before + sentence, cursor=memory.model_dump_json())
    memory.told, memory.told_of = lines, told_of
    for line in lines:
        context.log.warning(line)
    # Without a sentence Dagster shows a tick that starts no run as empty.
    return dg.SensorResult(
        skip_reason=sentence,
        asset_events=[_evaluation(findings, overdue_s, made)],
        cursor=memory.model_dump_json(),
    )


def _newest_materialization(
    instance: dg.DagsterInstance,
) -> AssetCheckEvaluationTargetMaterializationData | None:
    records = instance.fetch_materializations(snowflake_raw.key, limit=1).records
    if not records:
        return None
    return AssetCheckEvaluationTargetMaterializationData(
        storage_id=records[0].storage_id, run_id=records[0].run_id, timestamp=records[0].timestamp
    )


def _evaluation(
    findings: list[Finding],
    overdue_s: float,
    made: AssetCheckEvaluationTargetMaterializationData | None,
) -> dg.AssetCheckEvaluation:
    return dg.AssetCheckEvaluation(
        asset_key=snowflake_raw.key,
        check_name=GO_ON,
        passed=not findings,
        severity=severity(findings),
        metadata=metadata(findings, overdue_s),
        target_materialization_data=made,
    )
