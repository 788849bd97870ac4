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
from inmet_platform.warehouse.bootstrap import prepare


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
    fates = []
    with warehouse_running(settings), open_archive(settings) as archive:
        _make_bucket(settings)
        for year in years:
            with _shown(console, archive, year) as watch:
                [outcome] = archive.fetch_each([year], watch)
            say(outcome.sentence)
            fates.append(outcome.fate)
    return Fate.FAILED not in fates


def _make_bucket(settings: Settings) -> None:
    """Create the bucket if it is missing and the settings allow it."""
    try:
        Bucket.from_settings(settings).check()
    except BucketMissing:
        if not settings.bootstrap_storage:
            raise
        for _ in prepare(settings):
            pass


@contextmanager
def _shown(console: Console, archive: Archive, year: int) -> Iterator[Watch]:
    """A bar with bytes, speed and the time that is left; where there is no terminal, no bar."""

    def told(sentence: str) -> None:
        console.print(f"{year}: {sentence}", markup=False)

    if not console.is_terminal:
        told(f"asking for {archive.url(year)}")
    columns = (
        *(TextColumn("{task.description}"), BarColumn(), DownloadColumn()),
        *(TransferSpeedColumn(), TimeRemainingColumn()),
    )
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    with bar:
        task = bar.add_task(str(year), total=None)
        yield Watch(told, lambda done, total: bar.update(task, completed=done, total=total))
