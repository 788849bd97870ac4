"""The page of the command `inmet`: the help of every command, as Typer documents it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from docs.source.markdown import head, page, table

ROOT = Path(__file__).parents[2]
_TYPER = ("typer", "inmet_platform.command.cli", "utils", "docs", "--name", "inmet")
_EXAMPLE = re.compile(r"^(.*)\bExample: (inmet .+)$", re.MULTILINE)
_CHAPTER = re.compile(r"^#{2,3} `(.+)`$\n\n(.+)$", re.MULTILINE)


def command_page() -> str:
    """`docs/reference/command.md`, whole."""
    help_of_all = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", *_TYPER],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    # Before the first chapter stands a list of the commands with their sentences cut short.
    chapters = help_of_all[help_of_all.index("\n## ") :].strip()
    chapters = _EXAMPLE.sub(r"\1Example:\n\n```console\n$ \2\n```", chapters)
    rows = (
        [f"[`{name}`](#{name.replace(' ', '-')})", sentence]
        for name, sentence in _CHAPTER.findall(chapters)
    )
    return page(
        head("The command inmet", "the help texts in `inmet_platform/command`", _INTRODUCTION),
        table(["command", "what it does"], rows),
        chapters,
    )


_INTRODUCTION = """\
`make` installs the command as `.venv/bin/inmet`. `inmet COMMAND --help` shows what stands here. An
error is one sentence that says what to do, and the exit code is then 1; `--debug`, which every
command takes, adds the trace."""
