"""The command `inmet`: the words of each command and nothing else.

Heavy imports (Dagster, Snowflake, MLflow) stand inside the commands that need them, so that
`inmet --help` and `inmet inspect` answer at once.
"""

from __future__ import annotations

import json
import sys
import traceback
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from inmet_platform.errors import PlatformError

app = typer.Typer(
    help="INMET's hourly weather observations as one clean, trusted source.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog="Any command takes --debug, which adds the trace to an error.",
)
pipe = typer.Typer(help="Look after a pipe of Snowpipe.", no_args_is_help=True)
app.add_typer(pipe, name="pipe")
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

Files = Annotated[list[Path], typer.Argument(help="CSV or zip files of INMET")]
Station = Annotated[
    str | None,
    typer.Option("--station", help="station code, for a file that does not name its station"),
]


class Vintage(StrEnum):
    """The portal's forms."""

    UNTIL_2018 = "2000-2018"
    OF_2019 = "2019"
    SINCE_2020 = "2020-"


class PipeTable(StrEnum):
    """The tables that a pipe fills."""

    OBSERVATIONS = "observations"
    STATION_HEADERS = "station_headers"


class Form(StrEnum):
    """How `inmet sql` prints its answer."""

    TABLE = "table"
    CSV = "csv"


class Layout(StrEnum):
    """How `inmet export` writes."""

    CSV = "csv"
    PARQUET = "parquet"


@app.command()
def run(files: Files, station: Station = None) -> None:
    """Upload files, bring them through the whole chain, and show the result.

    Example: inmet run INMET_CO_DF_A001_BRASILIA_01-01-2020_A_31-12-2020.CSV
    """
    from inmet_platform.main_job import run_main_job
    from inmet_platform.report import summary
    from inmet_platform.settings import load_settings

    settings = load_settings()
    outcome = run_main_job(settings, files, station, _say)
    _say(summary(settings, outcome))
    _say("[DONE] Pipeline concluído!")


@app.command()
def upload(
    files: Files,
    station: Station = None,
    edition_at: Annotated[
        str | None,
        typer.Option(
            help="when INMET published them, such as 2024-06-30T12:00Z (UTC without a zone); of "
            "two editions the newer wins. By default a zip's members say it, else the upload does. "
            "A file that is known already keeps the time it was stored with."
        ),
    ] = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="until all are clean; a running Dagster brings them on")
    ] = False,
) -> None:
    """Send files, or every CSV and zip in a folder, to the upload service.

    Example: inmet upload data/raw/ --wait
    """
    from inmet_platform.settings import load_settings
    from inmet_platform.uploads import await_clean, expand
    from inmet_platform.uploads import upload as send

    settings = load_settings()
    answers = []
    for answer in send(settings, expand(files), station, edition_at):
        _say(answer.sentence)
        answers.append(answer)
    for sentence in await_clean(settings, answers) if wait else ():
        _say(sentence)
    if any(answer.key is None for answer in answers):
        raise typer.Exit(1)


@app.command()
def archive(
    years: Annotated[
        list[str] | None,
        typer.Argument(help="2024, 2000..2023; by default the running year, until March two"),
    ] = None,
) -> None:
    """Fetch INMET's yearly zips from the portal into raw/; what is known is not stored again.

    Example: inmet archive 2000..2023 2024
    """
    from datetime import UTC, datetime

    from inmet_platform.archive_command import fetch_years
    from inmet_platform.archive_years import parse_years, years_in_progress
    from inmet_platform.settings import load_settings

    today = datetime.now(UTC).date()
    try:
        wanted = parse_years(years, today) if years else years_in_progress(today)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="YEARS") from error
    if not fetch_years(load_settings(), wanted, _say, err):
        raise typer.Exit(1)


@app.command()
def inspect(
    file: Annotated[Path, typer.Argument(help="CSV or zip file", exists=True, dir_okay=False)],
    station: Station = None,
    as_json: Annotated[bool, typer.Option("--json", help="for programs")] = False,
) -> None:
    """Say what a file is: format, station, period, rows, values; or why it is refused.

    Example: inmet inspect 2024.zip --json
    """
    from inmet_platform.inmet.readers import inspect_file
    from inmet_platform.report import inspection_text

    inspection = inspect_file(file, station_id=station)
    if as_json:
        typer.echo(json.dumps(inspection.to_dict(), indent=2, ensure_ascii=False))
    else:
        _say(inspection_text(inspection))
    if inspection.refusals:
        raise typer.Exit(1)


@app.command()
def sql(
    statement: Annotated[str, typer.Argument(help="one statement, such as SELECT …")],
    form: Annotated[Form, typer.Option("--format", help="how to print rows")] = Form.TABLE,
) -> None:
    """Run one statement on the configured warehouse and print its answer.

    Example: inmet sql "SELECT COUNT(*) FROM CLEAN.OBSERVATIONS" --format csv
    """
    from inmet_platform.report import print_rows
    from inmet_platform.services import warehouse_running
    from inmet_platform.settings import load_settings
    from inmet_platform.warehouse import open_session

    settings = load_settings()
    with warehouse_running(settings), open_session(settings, tag="inmet:sql") as session:
        print_rows(session.query_text(statement), form.value, sys.stdout)


@app.command()
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
        Layout | None, typer.Option("--format", help="by default the file's ending says it")
    ] = None,
) -> None:
    """Write a part of the clean data, sorted by station and time; needs no service.

    It reads what the last run exported. Fonte dos dados: INMET.

    Example: inmet export a001.csv --station A001 --from 2024-01-01 --to 2024-06-30
    """
    from inmet_platform.extract import extract, format_of, part_of
    from inmet_platform.settings import load_settings

    folder = load_settings().clean_parquet_dir
    part = part_of(station or [], since, until)
    layout = format_of(file, form.value if form else None)
    written = extract(folder, part, layout, file or sys.stdout.buffer)
    err.print(f"{written.rows:,} hours of {written.stations} station(s)", markup=False)
    if written.absent:
        err.print(f"none{part.period} of {', '.join(written.absent)}", markup=False)


@app.command()
def predict(
    station: Annotated[
        list[str] | None, typer.Option(help="station code; again for another; all by default")
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="how to print it")] = Form.TABLE,
) -> None:
    """Say how likely it rains in the hour after each station's newest; needs no service.

    It reads what the last run exported and asks the model with the alias champion. Probabilities
    of more than 0, 5 and 25 mm; times are UTC. Fonte dos dados: INMET.

    Example: inmet predict --station A001
    """
    from inmet_platform.forecasting import make_forecast, rows_of
    from inmet_platform.report import print_rows
    from inmet_platform.result_files import ResultFiles
    from inmet_platform.settings import load_settings

    settings = load_settings()
    made = make_forecast(settings, ResultFiles(settings.processed_dir))
    print_rows(rows_of(made, station or []), form.value, sys.stdout)
    err.print(f"inmet-rain version {made.champion.version}; Fonte dos dados: INMET", markup=False)


@app.command()
def status() -> None:
    """Say how far every file is, what RAW and CLEAN hold, and which services answer."""
    from inmet_platform.report import status_text
    from inmet_platform.settings import load_settings

    _say(status_text(load_settings()))


@app.command()
def doctor() -> None:
    """Look at every setting and endpoint, and say what is wrong and how to mend it."""
    from inmet_platform.doctor import examine

    ill = False
    for finding in examine():
        ill = ill or not finding.well
        _say(f"{'ok  ' if finding.well else 'FAIL'}  {finding.name}: {finding.sentence}")
    if ill:
        raise typer.Exit(1)


@app.command()
def bootstrap(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only say what would be done")] = False,
) -> None:
    """Create what is missing: bucket, queue, database, tables, stage, pipes, notifications."""
    from inmet_platform.bootstrap import bootstrap as create
    from inmet_platform.bootstrap import plan
    from inmet_platform.settings import load_settings

    for sentence in (plan if dry_run else create)(load_settings()):
        _say(sentence)


@pipe.command()
def recreate(
    table: Annotated[PipeTable, typer.Argument(help="the table that the pipe fills")],
    deadline_s: Annotated[
        float, typer.Option(help="how long to wait at each step at the longest, in seconds")
    ] = 900.0,
) -> None:
    """Replace a pipe, as after a change of its COPY, without losing or doubling a file.

    Needs the role that owns the pipe. Example: inmet pipe recreate observations
    """
    from inmet_platform.pipe_recreation import recreate_pipe
    from inmet_platform.settings import load_settings

    recreate_pipe(load_settings(), table.value, deadline_s, _say)


@app.command()
def sample(
    file: Annotated[Path, typer.Argument(help="where to write it")],
    year: Annotated[int, typer.Option(help="the year; its form follows from it")] = 2023,
    seed: Annotated[int, typer.Option(help="the same seed gives the same file")] = 1,
    vintage: Annotated[
        Vintage | None, typer.Option(help="the portal's form; by default the year's")
    ] = None,
) -> None:
    """Write a synthetic station-year in the portal's form, plainly marked as no data of INMET.

    Example: inmet sample data/raw/inmet.csv --year 2018
    """
    from inmet_platform.inmet.sample import sample_station_year

    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(
        sample_station_year(year, seed=seed, vintage=vintage.value if vintage else None)[1]
    )
    _say(f"{file}: a synthetic station-year of {year}; not data of INMET")


@app.command()
def up() -> None:
    """Start all services in the foreground, with one log; Ctrl-C stops them."""
    from inmet_platform.settings import load_settings
    from inmet_platform.up import run_services

    run_services(load_settings(), _say)


@app.command()
def down() -> None:
    """Stop the services that `inmet up` started in another terminal."""
    from inmet_platform.settings import load_settings
    from inmet_platform.up import stop_services

    _say(stop_services(load_settings()))


def main() -> None:
    """The entry point: one sentence for an error, the trace only with --debug."""
    debug = "--debug" in sys.argv
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    try:
        app(arguments)
    except (PlatformError, OSError) as error:
        _fail(str(error), debug=debug)
    except KeyboardInterrupt:
        _fail("interrupted; nothing is lost, the next run goes on from here", debug=debug)


def _fail(sentence: str, *, debug: bool) -> NoReturn:
    if debug:
        traceback.print_exc()
    err.print(f"inmet: {sentence}", markup=False)
    raise SystemExit(1)


def _say(line: str) -> None:
    out.print(line, markup=False)
