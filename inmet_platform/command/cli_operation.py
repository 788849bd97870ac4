"""Commands that set up, start, stop and look after the platform."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from inmet_platform.command.console import say

group = typer.Typer()
pipe = typer.Typer(help="Look after a pipe of Snowpipe.", no_args_is_help=True)
group.add_typer(pipe, name="pipe")


@group.command()
def up() -> None:
    """Start all services in the foreground, with one log; Ctrl-C stops them."""
    from inmet_platform.command.up import run_services
    from inmet_platform.config.settings import load_settings

    run_services(load_settings(), say)


@group.command()
def down() -> None:
    """Stop the services that `inmet up` started in another terminal."""
    from inmet_platform.command.up_file import stop_services
    from inmet_platform.config.settings import load_settings

    say(stop_services(load_settings(), say))


@group.command()
def status() -> None:
    """Say how far every file is, what RAW and CLEAN hold, and which services answer or ended."""
    from inmet_platform.command.report import status_text
    from inmet_platform.command.up_file import told_by_up
    from inmet_platform.config.settings import load_settings

    settings = load_settings()
    for line in told_by_up(settings):
        say(f"inmet up: {line}")
    say(status_text(settings))


@group.command()
def doctor() -> None:
    """Look at every setting and endpoint, and say what is wrong and how to mend it."""
    from inmet_platform.command.doctor import examine

    ill = False
    for finding in examine():
        ill = ill or not finding.well
        say(f"{'ok  ' if finding.well else 'FAIL'}  {finding.name}: {finding.sentence}")
    if ill:
        raise typer.Exit(1)


@group.command()
def bootstrap(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only say what would be done")] = False,
) -> None:
    """Create what is missing: bucket, queue, database, tables, stage, pipes, notifications."""
    from inmet_platform.config.settings import load_settings
    from inmet_platform.warehouse.bootstrap import bootstrap as create
    from inmet_platform.warehouse.bootstrap import plan

    for sentence in (plan if dry_run else create)(load_settings()):
        say(sentence)


@pipe.command()
def recreate(
    table: Annotated[
        Literal["observations", "published_values", "station_headers"],
        typer.Argument(help="the table that the pipe fills"),
    ],
    deadline_s: Annotated[
        float, typer.Option(help="how long to wait at each step at the longest, in seconds")
    ] = 900.0,
) -> None:
    """Replace a pipe, as after a change of its COPY, without losing or doubling a file.

    Needs the role that owns the pipe. Example: inmet pipe recreate observations
    """
    from inmet_platform.config.settings import load_settings
    from inmet_platform.snowpipe.recreation import recreate_pipe

    recreate_pipe(load_settings(), table, deadline_s, say)


@group.command()
def rebuild() -> None:
    """Make RAW and CLEAN again from raw/ alone, into an empty warehouse.

    Example, after SNOWFLAKE_DATABASE got a new name in .env: inmet rebuild
    """
    from inmet_platform.command.rebuild_command import rebuild as make_again
    from inmet_platform.config.settings import load_settings

    make_again(load_settings(), say)


@group.command()
def backup(
    file: Annotated[Path, typer.Argument(help="the tar file to write; it must not exist")],
) -> None:
    """Write raw/ and the models into one file; all services may go on meanwhile.

    Example: inmet backup /backups/inmet-2026-11-30.tar
    """
    from inmet_platform.command.backup import back_up
    from inmet_platform.config.settings import load_settings

    back_up(load_settings(), file, say)


@group.command()
def restore(
    file: Annotated[Path, typer.Argument(help="a file that `inmet backup` wrote", exists=True)],
) -> None:
    """Put a backup into an empty platform: raw/ and the models, then RAW and CLEAN made of raw/.

    Example: inmet restore /backups/inmet-2026-11-30.tar
    """
    from inmet_platform.command.backup import restore as put_back
    from inmet_platform.config.settings import load_settings

    put_back(load_settings(), file, say)
