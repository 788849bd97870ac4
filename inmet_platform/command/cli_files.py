"""Commands that bring files in, or look at them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from inmet_platform.command.console import err, say

group = typer.Typer()

Files = Annotated[list[Path], typer.Argument(help="CSV or zip files of INMET")]
Station = Annotated[
    str | None,
    typer.Option("--station", help="station code, for a file that does not name its station"),
]


@group.command()
def run(files: Files, station: Station = None) -> None:
    """Upload files, bring them through the whole chain, and show the result.

    Example: inmet run INMET_CO_DF_A001_BRASILIA_01-01-2020_A_31-12-2020.CSV
    """
    from inmet_platform.command.main_job import run_main_job
    from inmet_platform.command.report import summary
    from inmet_platform.config.settings import load_settings

    settings = load_settings()
    say(summary(settings, run_main_job(settings, files, station, say)))
    say("[DONE] Pipeline concluído!")


@group.command()
def upload(
    files: Files,
    station: Station = None,
    edition_at: Annotated[
        str | None,
        typer.Option(
            help="when INMET published them, such as 2024-06-30T12:00Z (UTC without a zone); the "
            "newer of two editions counts. By default a zip's members say it, or the upload does. "
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
    from inmet_platform.command.uploads import await_clean, expand
    from inmet_platform.command.uploads import upload as send
    from inmet_platform.config.settings import load_settings

    settings = load_settings()
    answers = []
    for answer in send(settings, expand(files), station, edition_at):
        say(answer.sentence)
        answers.append(answer)
    for sentence in await_clean(settings, answers) if wait else ():
        say(sentence)
    if any(answer.key is None for answer in answers):
        raise typer.Exit(1)


@group.command()
def archive(
    years: Annotated[
        list[str] | None,
        typer.Argument(help="2024, 2000..2023; by default this year, until March the last one too"),
    ] = None,
) -> None:
    """Fetch INMET's yearly zips from the portal into raw/; what is known is not stored again.

    Example: inmet archive 2000..2023 2024
    """
    from datetime import UTC, datetime

    from inmet_platform.archive.years import parse_years, years_in_progress
    from inmet_platform.command.archive_command import fetch_years
    from inmet_platform.config.settings import load_settings

    today = datetime.now(UTC).date()
    try:
        wanted = parse_years(years, today) if years else years_in_progress(today)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="YEARS") from error
    if not fetch_years(load_settings(), wanted, say, err):
        raise typer.Exit(1)


@group.command()
def inspect(
    file: Annotated[Path, typer.Argument(help="CSV or zip file", exists=True, dir_okay=False)],
    station: Station = None,
    as_json: Annotated[bool, typer.Option("--json", help="for programs")] = False,
) -> None:
    """Say what a file is: format, station, period, rows, values; or why it is refused.

    Example: inmet inspect 2024.zip --json
    """
    from inmet_platform.command.report import inspection_text
    from inmet_platform.inmet.readers import inspect_file

    inspection = inspect_file(file, station_id=station)
    if as_json:
        typer.echo(json.dumps(inspection.to_dict(), indent=2, ensure_ascii=False))
    else:
        say(inspection_text(inspection))
    if inspection.refusals:
        raise typer.Exit(1)


@group.command()
def sample(
    file: Annotated[Path, typer.Argument(help="where to write it")],
    year: Annotated[int, typer.Option(help="the year; its form follows from it")] = 2023,
    seed: Annotated[int, typer.Option(help="the same seed gives the same file")] = 1,
    vintage: Annotated[
        Literal["2000-2018", "2019", "2020-"] | None,
        typer.Option(help="the portal's form; by default the year's"),
    ] = None,
) -> None:
    """Write a synthetic station-year in the portal's form, plainly marked as no data of INMET.

    Example: inmet sample data/raw/inmet.csv --year 2018
    """
    from inmet_platform.inmet.sample import sample_station_year

    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(sample_station_year(year, seed=seed, vintage=vintage)[1])
    say(f"{file}: a synthetic station-year of {year}; not data of INMET")
