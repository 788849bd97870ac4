"""`inmet archive` for a person at a terminal: a bar for each year, a sentence for each result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from inmet_platform.archive.download import Watch
from inmet_platform.archive.fetch import Archive, Fate, open_archive
from inmet_platform.command.services import warehouse_running
from inmet_platform.config.settings import Settings
from inmet_platform.errors import BucketMissing
from inmet_platform.storage.bucket import Bucket
from inmet_platform.warehouse.bootstrap import bootstrap


def fetch_years(
    settings: Settings, years: list[int], say: Callable[[str], None], console: Console
) -> bool:
    """Fetch years one after the other, with the embedded cloud when it is the configured one.

    Args:
        settings: where the portal and the bucket are.
        years: which.
        say: is called with one sentence for each year.
        console: where the progress is shown.

    Returns:
        Whether every year went well.
    """
    well = True
    with warehouse_running(settings), open_archive(settings) as archive:
        _make_bucket(settings)
        for year in years:
            with _shown(console, archive, year) as watch:
                outcomes = list(archive.fetch_each([year], watch))
            for outcome in outcomes:
                say(outcome.sentence)
                well = well and outcome.fate != Fate.FAILED
    return well


def _make_bucket(settings: Settings) -> None:
    """Create the bucket if it is missing and the settings allow it."""
    try:
        Bucket.from_settings(settings).check()
    except BucketMissing:
        if not settings.bootstrap_storage:
            raise
        for _ in bootstrap(settings):
            pass


@contextmanager
def _shown(console: Console, archive: Archive, year: int) -> Iterator[Watch]:
    if not console.is_terminal:
        console.print(f"{year}: asking for {archive.url(year)}", markup=False)
        yield _Lines(console, year)
        return
    columns = (
        *(TextColumn("{task.description}"), BarColumn(), DownloadColumn()),
        *(TransferSpeedColumn(), TimeRemainingColumn()),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        yield _Bar(progress, year)


class _Lines(Watch):
    """Prints only what went wrong."""

    def __init__(self, console: Console, year: int) -> None:
        self._console = console
        self._year = year

    def told(self, sentence: str) -> None:
        self._console.print(f"{self._year}: {sentence}", markup=False)


class _Bar(_Lines):
    """Bytes, speed and the time that is left."""

    def __init__(self, progress: Progress, year: int) -> None:
        super().__init__(progress.console, year)
        self._progress = progress
        self._task = progress.add_task(str(year), total=None)

    def moved(self, done_bytes: int, total_bytes: int | None) -> None:
        self._progress.update(self._task, completed=done_bytes, total=total_bytes)
