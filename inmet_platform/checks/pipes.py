"""Checks on Snowpipe: whether all pipes load, and which files they refused."""

import dagster as dg

from inmet_platform.assets.metadata import bullets
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
    """All pipes load, and no landed file is overdue; the sensor snowpipe_watch checks this, too.

    Each finding comes with the runbook's paragraph. The sensor repairs, the check only reports.
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
    """Warns about files whose load failed in the last 13 days and that were not replaced since."""
    start, rows = utc_now() - HISTORY_KEPT, []
    with warehouse.session(f"dagster:{context.run.run_id}:snowpipe_refuses_no_file") as session:
        for table in PIPE_TABLES:
            rows += session.query(
                "load/select_refused_loads",
                table_name=f"RAW.{table.upper()}",
                start_time=str(start),
            )
    entry = ENTRIES["FAILED_FILES"]
    return dg.AssetCheckResult(
        passed=not rows,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "threshold": f"0 failed loads since {start:%Y-%m-%d %H:%M} UTC",
            "offenders (first 20 a table)": bullets(
                f"{row['landing_key']} of {row['raw_key']}: {row['status']}: "
                f"{row['first_error_message']}"
                for row in rows
            ),
            "what to do": dg.MetadataValue.md(f"{entry.action} ({entry.link})"),
        },
    )


def severity(findings: list[Finding]) -> dg.AssetCheckSeverity:
    """An error when a human is needed, otherwise a warning."""
    grave = any(finding.entry.is_error for finding in findings)
    return dg.AssetCheckSeverity.ERROR if grave else dg.AssetCheckSeverity.WARN


def metadata(findings: list[Finding], overdue_s: float) -> dict[str, dg.MetadataValue]:
    """The findings with the paragraphs of the runbook, and the threshold."""
    paragraphs = [it.paragraph() for it in dict.fromkeys(finding.entry for finding in findings)]
    return {
        "threshold": dg.MetadataValue.text(f"all pipes load; no file waits for {overdue_s:g} s"),
        "offenders": bullets(map(str, findings)),
        "runbook": dg.MetadataValue.md("\n\n".join(paragraphs) or "nothing to do"),
    }
