"""The sensors that tell the webhook of failed runs and failed checks; there is none by default."""

from __future__ import annotations

import dagster as dg
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus
from pydantic import BaseModel

from inmet_platform.resources.alerts import AlertWebhook

EVERY_S = 30


class Failing(BaseModel):
    """The checks that the last tick found failed."""

    checks: list[str] = []


@dg.run_failure_sensor(
    name="alert_of_failed_runs",
    minimum_interval_seconds=EVERY_S,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Tells ALERT_WEBHOOK_URL of every run that failed.",
)
def alert_of_failed_runs(context: dg.RunFailureSensorContext, alerts: AlertWebhook) -> None:
    """One alert for a run, with the step that failed first and why."""
    run = context.dagster_run
    causes = [
        f"{event.step_key}: {(error.cause or error).message.strip()}"
        for event in context.get_step_failure_events()
        if (error := event.step_failure_data.error)
    ]
    why = causes[0] if causes else context.failure_event.message or "no reason is told"
    undelivered = alerts.send(f"Run of {run.job_name} failed. {why}", f"/runs/{run.run_id}")
    if undelivered:
        context.log.warning(undelivered)


@dg.sensor(
    name="alert_of_failed_checks",
    minimum_interval_seconds=EVERY_S,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Tells ALERT_WEBHOOK_URL of every check that has begun to fail.",
)
def alert_of_failed_checks(
    context: dg.SensorEvaluationContext, alerts: AlertWebhook
) -> dg.SensorResult:
    """One alert for a check, when it fails and did not before; also of checks outside of runs.

    An alert that is not delivered is sent again by the next tick.
    """
    told = Failing.model_validate_json(context.cursor or "{}").checks
    # It is always given to the tick of a sensor.
    keys = list(context.repository_def.asset_graph.asset_check_keys)  # type: ignore[union-attr]
    latest = context.instance.event_log_storage.get_latest_asset_check_execution_by_key(keys)
    failing: list[str] = []
    sentences: list[str] = []
    for key, record in sorted(latest.items()):
        if record.status != AssetCheckExecutionRecordStatus.FAILED or record.evaluation is None:
            continue
        name = f"{key.name} of {key.asset_key.to_user_string()}"
        undelivered = ""
        if name not in told:
            text = _text(name, record.evaluation)
            undelivered = alerts.send(text, f"/assets/{'/'.join(key.asset_key.path)}?view=checks")
            sentences.append(undelivered or text)
        if not undelivered:
            failing.append(name)
    return dg.SensorResult(
        skip_reason=" ".join(sentences) or f"{len(failing)} check(s) fail, all told before.",
        cursor=Failing(checks=failing).model_dump_json(),
    )


def _text(name: str, evaluation: dg.AssetCheckEvaluation) -> str:
    shown = {
        title: value.value
        for title, value in evaluation.metadata.items()
        if title == "threshold" or title.startswith("offenders")
    }
    details = "; ".join(f"{title}: {value}" for title, value in shown.items())
    return (
        f"{evaluation.severity.value}: the check {name} failed. {evaluation.description or details}"
    )
