"""The command `inmet`: its groups of commands, and how it prints an error.

Heavy imports (Dagster, Snowflake, MLflow) stand inside the commands that need them, so that
`inmet --help` and `inmet inspect` answer at once.
"""

from __future__ import annotations

import gc
import signal
import sys
import traceback
from typing import NoReturn

import typer

from inmet_platform.command import cli_data, cli_files, cli_operation
from inmet_platform.command.console import err
from inmet_platform.errors import PlatformError

app = typer.Typer(
    help="INMET's hourly weather observations as one clean, trusted source.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog="Any command takes --debug, which adds the trace to an error.",
)
for module in (cli_files, cli_data, cli_operation):
    app.add_typer(module.group)

# What Typer makes of a KeyboardInterrupt.
_INTERRUPTED = 130


def main() -> None:
    """The entry point: one sentence for an error, the trace only with --debug."""
    _take_signals()
    # A command imports hundreds of thousands of objects, and nearly all stay. To look for garbage
    # as often as Python does by itself costs a tenth of a short command's time.
    gc.set_threshold(100_000)
    debug = "--debug" in sys.argv
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    try:
        app(arguments)
    except (PlatformError, OSError) as error:
        _fail(str(error), debug=debug)
    except SystemExit as end:
        if end.code == _INTERRUPTED:
            _say_error("interrupted; nothing is lost, the next run goes on from here")
        raise


def _take_signals() -> None:
    """Let SIGINT, SIGTERM and a hangup interrupt every command, so that it stops what it started.

    A script starts its background jobs with SIGINT ignored, and each process hands on what it
    ignores: Dagster, which hears SIGTERM with the handler of SIGINT, would hear neither. What has
    a handler here begins as the default in the processes that we start. An ignored SIGHUP stays
    ignored: that is what `nohup` is for.
    """
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if sign != signal.SIGHUP or signal.getsignal(sign) != signal.SIG_IGN:
            signal.signal(sign, signal.default_int_handler)


def _fail(sentence: str, *, debug: bool) -> NoReturn:
    if debug:
        traceback.print_exc()
    _say_error(sentence)
    raise SystemExit(1)


def _say_error(sentence: str) -> None:
    err.print(f"inmet: {sentence}", markup=False)
