"""What the command line prints: rows, inspections, status, the summary of a run."""

from __future__ import annotations

import csv
import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.table import Table

from inmet_platform.command.services import configured_services
from inmet_platform.config.settings import Settings
from inmet_platform.inmet.published import ROWS_OF
from inmet_platform.results.result_files import ResultFiles
from inmet_platform.snowpipe.watch import NO_PIPE, PipeView, view_pipes
from inmet_platform.warehouse.session import Row, Session, open_session

if TYPE_CHECKING:
    from inmet_platform.command.last_run import Made
    from inmet_platform.inmet.readers import Inspection


# Beyond that a table on a terminal is all borders.
WIDEST_TABLE = 8
UNBOUNDED = 10_000


def print_rows(rows: Sequence[Row], form: str, stream: TextIO) -> None:
    """Print rows as CSV with a header, or for people: as a table, wide ones row by row."""
    if not rows:
        stream.write("no rows\n" if form == "table" else "")
    elif form == "csv":
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    elif len(rows[0]) > WIDEST_TABLE:
        for number, row in enumerate(rows, start=1):
            stream.write(f"-- row {number}\n")
            stream.writelines(f"{name:<30} {value}\n" for name, value in row.items())
    else:
        table = Table(*rows[0])
        for row in rows:
            table.add_row(*("" if value is None else str(value) for value in row.values()))
        # In a file or a pipe nothing has to be cut to a screen's width.
        width = None if stream.isatty() else UNBOUNDED
        Console(file=stream, highlight=False, width=width).print(table)


def summary(settings: Settings, made: Made) -> str:
    """Counts of each stage, and where the results are and how to look at them."""
    raw, clean = made["snowflake_raw"], made["snowflake_clean"]
    csv_file = ResultFiles(settings.processed_dir).clean_csv
    command = "inmet" if shutil.which("inmet") else sys.argv[0]
    published = raw.get("published_values", 0)  # a run from before these were counted has none
    lines = [
        "",
        f"  RAW     {raw['dagster/row_count']:,} hours of {raw['stations']} station(s), "
        f"{raw['rows_loaded']:,} new",
        *([f"          {_published(published)}"] if published else []),
        f"  CLEAN   {clean['dagster/row_count']:,} hours with an observation, "
        f"{clean['rows_merged']:,} new or changed",
        f"  CSV     {made['inmet_clean_csv']['dagster/row_count']:,} hours in {csv_file}",
        f"  model   {made.get('trained_model', {}).get('summary') or 'not trained'}",
        "",
        f"  head {csv_file}",
        f'  {command} sql "SELECT COUNT(*) FROM CLEAN.OBSERVATIONS"',  # noqa: S608 - printed
        f"  {command} up     then the Painel is at {settings.data_url},"
        f" Dagster at {settings.dagster_url}, MLflow at {settings.mlflow_url}",
        "  Fonte dos dados: INMET, Instituto Nacional de Meteorologia",
        "",
    ]
    return "\n".join(lines)


def _count_published(session: Session, views: Sequence[PipeView]) -> int:
    """The values of days and months; 0 before `inmet bootstrap` has made their table and pipe."""
    if any(view.table == "published_values" and view.state != NO_PIPE for view in views):
        return int(session.query("load/count_published_values")[0]["value_count"])
    return 0


def _published(count: int) -> str:
    return f"{count:,} values of days and months, published by INMET"


def inspection_text(inspection: Inspection) -> str:
    """One block a file or member: what it is, or why it is refused."""
    blocks = []
    for report in inspection.reports:
        period = f"{report.first_hour} to {report.last_hour} UTC" if report.first_hour else "none"
        vintage = f", vintage {report.vintage}" if report.vintage else ""
        station = f"{report.station_id or 'several'} {report.station_name or ''}".rstrip()
        kind = ROWS_OF.get(report.format, "hours")
        lines = [
            report.member or report.file,
            f"  format        {report.format}{vintage}, {report.encoding}",
            f"  station       {station}",
            f"  period        {period}",
            f"  {kind:<14}{report.rows:,}, {report.observations:,} with a value",
            *(f"  {name:<20}{count:>9,}" for name, count in report.values.items()),
            *(f"  repaired      {repair}" for repair in report.repairs),
        ]
        blocks.append("\n".join(lines))
    blocks += [f"refused: {refusal}" for refusal in inspection.refusals]
    return "\n".join(blocks)


def _pipe_line(view: PipeView) -> str:
    """State, queue, last load, and how long the oldest landed file has been waiting."""
    ingested = view.moment("lastIngestedTimestamp")
    lag = view.lag_s()
    parts = [
        f"{view.state}, {view.pending:,} pending",
        f"last ingested {ingested:%Y-%m-%d %H:%M:%S} UTC" if ingested else "nothing ingested yet",
        "no lag" if lag is None else f"lag {lag:,.0f} s, {len(view.waiting):,} file(s) wait",
        *([str(view.status["error"])] if view.status.get("error") else []),
    ]
    return f"  {view.table:<18}{'; '.join(parts)}"


def status_text(settings: Settings) -> str:
    """The ledger by state, the size of RAW and CLEAN, and which services answer."""
    with open_session(settings, tag="inmet:status") as session:
        states = session.query("load/count_files_by_state")
        raw = session.query("load/count_raw_observations")[0]
        clean = session.query("clean/count_observations")[0]
        rejected = session.query("load/select_rejected_files")
        views = view_pipes(session)
        published = _count_published(session, views)
    lines = ["files"]
    lines += [f"  {row['state']:<12}{row['file_count']:>8,}" for row in states] or ["  none"]
    lines += [
        f"RAW     {raw['row_count']:,} hours, {raw['station_count']} station(s)"
        + (f", last load {raw['last_loaded_at']} UTC" if raw["row_count"] else ""),
        *([f"        {_published(published)}"] if published else []),
        f"CLEAN   {clean['row_count']:,} hours"
        + (f", {clean['first_hour']} to {clean['last_hour']} UTC" if clean["row_count"] else ""),
        "pipes",
        *(_pipe_line(view) for view in views),
        "services",
    ]
    for service in configured_services(settings):
        lines.append(f"  {service.name:<12}{'answers' if service.is_ready() else 'is down'}")
    lines += ["rejected", *(f"  {row['message']}" for row in rejected)] if rejected else []
    return "\n".join(lines)
