"""Commands that print data: rows, a part of the clean data, a forecast."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from inmet_platform.command.console import err, say

group = typer.Typer()

# How rows are printed.
Form = Literal["table", "csv"]


@group.command()
def sql(
    statement: Annotated[str, typer.Argument(help="one statement, such as SELECT …")],
    form: Annotated[Form, typer.Option("--format", help="how to print rows")] = "table",
) -> None:
    """Run one statement on the configured warehouse and print its answer.

    Example: inmet sql "SELECT COUNT(*) FROM CLEAN.OBSERVATIONS" --format csv
    """
    from inmet_platform.command.report import print_rows
    from inmet_platform.command.services import warehouse_running
    from inmet_platform.config.settings import load_settings
    from inmet_platform.warehouse.session import open_session

    settings = load_settings()
    with warehouse_running(settings), open_session(settings, tag="inmet:sql") as session:
        print_rows(session.query_text(statement), form, sys.stdout)


@group.command()
def judge(
    years: Annotated[
        list[str] | None,
        typer.Argument(
            help="2019, 2000..2023; by default every year that was not judged as a whole by the "
            "quality rules of today"
        ),
    ] = None,
) -> None:
    """Judge years of the clean data anew by changed quality rules, and write their files.

    No file is read again: rows keep their edition, and get the values and flags that a load from
    nothing would give. Each year is done for itself: after an interruption the same command
    without years goes on with the next.

    Example: inmet judge 2019

    Example: inmet judge 2000..2023 2024
    """
    from datetime import UTC, datetime

    from inmet_platform.archive.years import parse_years
    from inmet_platform.command.judge_command import judge as judge_years
    from inmet_platform.config.settings import load_settings

    try:
        wanted = parse_years(years or [], datetime.now(UTC).date())
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="YEARS") from error
    judge_years(load_settings(), wanted, say)


@group.command()
def export(
    file: Annotated[
        Path | None, typer.Argument(help="where to write it; CSV goes to stdout without one")
    ] = None,
    station: Annotated[
        list[str] | None, typer.Option(help="station code; again for another; all by default")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="first label: a date D is D 00:00. A label marks the end of its hour, in UTC: "
            "D 00:00 is the last hour of the day before",
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            "--to",
            help="last label, which is included: a date D is D 23:00, so a day is the labels "
            "D 00:00 to D 23:00; or a time such as 2024-06-30T12:00, UTC without a zone",
        ),
    ] = None,
    form: Annotated[
        Literal["csv", "parquet"] | None,
        typer.Option("--format", help="by default the file's ending says it"),
    ] = None,
) -> None:
    """Write a part of the clean data, sorted by station and time; needs no service.

    It reads what the last run exported. Fonte dos dados: INMET.

    Example: inmet export a001.csv --station A001 --from 2024-01-01 --to 2024-06-30
    """
    from inmet_platform.config.settings import load_settings
    from inmet_platform.results.extract import extract, format_of
    from inmet_platform.results.result_files import ResultFiles
    from inmet_platform.results.selection import selection_of

    folder = ResultFiles(load_settings().processed_dir).clean_folder
    part = selection_of(station or [], since, until)
    written = extract(folder, part, format_of(file, form), file or sys.stdout.buffer)
    err.print(f"{written.rows:,} hours of {written.stations} station(s)", markup=False)
    if written.absent:
        err.print(f"none{part.period} of {', '.join(written.absent)}", markup=False)


@group.command()
def predict(
    station: Annotated[
        list[str] | None, typer.Option(help="station code; again for another; all by default")
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="how to print it")] = "table",
) -> None:
    """Say how likely it rains in the hour after each station's newest; needs no service.

    It reads what the last run exported and asks the model with the alias champion. Probabilities
    of more than 0, 5 and 25 mm; times are UTC. Fonte dos dados: INMET.

    Example: inmet predict --station A001
    """
    from inmet_platform.command.report import print_rows
    from inmet_platform.config.settings import load_settings
    from inmet_platform.model_registry.forecasting import make_forecast, rows_of
    from inmet_platform.results.result_files import ResultFiles

    settings = load_settings()
    made = make_forecast(settings, ResultFiles(settings.processed_dir))
    print_rows(rows_of(made, station or []), form, sys.stdout)
    err.print(f"inmet-rain version {made.champion.version}; Fonte dos dados: INMET", markup=False)
