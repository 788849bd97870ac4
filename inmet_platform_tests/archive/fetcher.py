"""Fetches INMET's yearly zips into a bucket, again and again, without waiting."""

from __future__ import annotations

from pathlib import Path

import httpx

from inmet_platform.archive.download import HEADERS, Patience, Watch
from inmet_platform.archive.fetch import Archive, FetchedYear
from inmet_platform.config.settings import Settings
from inmet_platform.storage.bucket import Bucket
from inmet_platform_tests.files import small_portal_file, zip_of
from inmet_platform_tests.portal import (
    Portal,
)

ZIP = zip_of({"2024/a.CSV": small_portal_file(), "2024/b.CSV": small_portal_file("A002", seed=1)})
OTHER_ZIP = zip_of({"2024/a.CSV": small_portal_file(seed=2)})
HALF = len(ZIP) // 2
PAGE = b"<!DOCTYPE html>\n<html>Em manuten\xc3\xa7\xc3\xa3o</html>"


class Fetcher:
    """Fetches as a process does that begins anew each time, without waiting."""

    def __init__(self, settings: Settings, portal: Portal) -> None:
        self.settings = settings.model_copy(update={"archive_url": portal.url})
        self.bucket = Bucket.from_settings(settings)
        self.pauses: list[float] = []

    def fetch(self, *years: int, retries: int = 5) -> FetchedYear:
        patience = Patience((2.0, 4.0, 8.0, 16.0, 32.0)[:retries], sleep=self.pauses.append)
        with httpx.Client(headers=HEADERS, follow_redirects=True) as client:
            archive = Archive(self.settings, self.bucket, client, patience)
            return [archive.fetch(year, Watch()) for year in years or (2024,)][-1]

    def stored(self) -> list[bytes]:
        get = self.bucket.client.get_object
        return [
            get(Bucket=self.bucket.name, Key=item.key)["Body"].read()
            for item in self.bucket.list_raw()
        ]

    @property
    def folder(self) -> Path:
        return self.settings.state_dir / "archive"
