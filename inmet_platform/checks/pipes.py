"""Checks on Snowpipe: whether both pipes go on, and what they refused."""

from datetime import datetime

import dagster as dg

from inmet_platform.assets.snowflake_raw import snowflake_raw
from inmet_platform.resources.snowflake import SnowflakeWarehouse
from inmet_platform.snowpipe.runbook import ENTRIES
from inmet_platform.snowpipe.waiting import HISTORY_KEPT
from inmet_platform.snowpipe.watch import Finding, diagnose, view_pipes
from inmet_platform.warehouse.sql import PIPE_TABLES
from inmet_platform.warehouse.timestamps import utc_now

GO_ON = "every_pipe_goes_on"


@dg.asset_check(asset=snowflake_raw, name=GO_ON)
def every_pipe_goes_on(
    context: dg.AssetCheckExecutionContext, warehouse: SnowflakeWarehouse
) -> dg.AssetCheckResult:
    """Both pipes load, and nothing landed is overdue; the sensor snowpipe_watch says so, too.

    Each finding brings the runbook's paragraph. The check mends nothing; the sensor does.
    """
    with warehouse.session(f"dagster:{context.run.run_id}:{GO_ON}") as session:
        overdue_s = warehouse.settings.snowpipe_overdue_s
        findings = diagnose(session, view_pipes(session), overdue_s=overdue_s)
    return dg.AssetCheckResult(
        passed=not findings, severity=severity(findings), metadata=metadata(findings, overdue_s)
    )


@dg.asset_check(asset=snowflake_raw)
def snowpipe_refuses_no_file(
    context: dg.AssetCheckExecutionContext, warehouse: SnowflakeWarehouse
) -> dg.AssetCheckResult:
    """Warns of files whose load failed in the last 13 days and that nothing has replaced since."""
    start = utc_now() - HISTORY_KEPT
    with warehouse.session(f"dagster:{context.run.run_id}:snowpipe_refuses_no_file") as session:
        rows = [
            row
            for table in PIPE_TABLES
            for row in session.query(
                "load/select_refused_loads",
                table_name=f"RAW.{table.upper()}",
                start_time=str(start),
            )
        ]
    entry = ENTRIES["FAILED_FILES"]
    lines = [
        f"- {row['landing_key']} of {row['raw_key']}: {row['status']}: {row['first_error_message']}"
        for row in rows
    ]
    return dg.AssetCheckResult(
        passed=not rows,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "threshold": _since(start),
            "offenders (first 20 a table)": dg.MetadataValue.md("\n".join(lines) or "none"),
            "what to do": dg.MetadataValue.md(f"{entry.action} ({entry.link})"),
        },
    )


def _since(start: datetime) -> str:
    return f"0 failed loads since {start:%Y-%m-%d %H:%M} UTC"


def severity(findings: list[Finding]) -> dg.AssetCheckSeverity:
    """An error when a human is needed, else a warning."""
    grave = any(finding.entry.is_error for finding in findings)
    return dg.AssetCheckSeverity.ERROR if grave else dg.AssetCheckSeverity.WARN


def metadata(findings: list[Finding], overdue_s: float) -> dict[str, dg.MetadataValue]:
    """The findings, each with the runbook's paragraph, and the threshold."""
    return {
        "threshold": dg.MetadataValue.text(f"both pipes load; no file waits for {overdue_s:g} s"),
        "offenders": dg.MetadataValue.md("\n".join(f"- {it}" for it in findings) or "none"),
        "runbook": dg.MetadataValue.md(
            "\n\n".join(
                entry.paragraph() for entry in dict.fromkeys(finding.entry for finding in findings)
            )
            or "nothing to do"
        ),
    }
