"""What some tests need of the machine, and the one command that brings it."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from inmet_platform_tests.mariadb import INSTALL_DB, MARIADBD
from inmet_platform_tests.processes import ROOT

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SHARED = ROOT.parent / "shared" / "inmet"
MODULES = ROOT / "node_modules"


@dataclass(frozen=True)
class Need:
    """Something that a machine may lack.

    Attributes:
        lacking: what is said of a machine without it.
        remedy: how one gets it.
        is_met: whether it is here.
    """

    lacking: str
    remedy: str
    is_met: bool

    @property
    def reason(self) -> str:
        return f"{self.lacking}. {self.remedy}"


BROWSER = Need("no Chromium", "Install it: sudo apt-get install chromium", CHROMIUM is not None)
NODE = Need(
    "no Node",
    "Install it: sudo apt-get install nodejs npm && sudo npm install --global node@22",
    shutil.which("node") is not None,
)
NODE_MODULES = Need(
    "no node_modules",
    "Install them: make node_modules/.ready",
    all((MODULES / name).is_dir() for name in ("echarts", "playwright-core")),
)
MARIADB = Need(
    "no MariaDB",
    "Install it: sudo apt-get install mariadb-server",
    bool(MARIADBD and INSTALL_DB),
)
INMET_FILES = Need(
    "no files of INMET's own beside the repository",
    "They are looked for in ../shared/inmet",
    SHARED.is_dir(),
)
NEEDS = (BROWSER, NODE, NODE_MODULES, MARIADB, INMET_FILES)


def needs(*wanted: Need) -> pytest.MarkDecorator:
    """Skips a test for the first need that is not met."""
    reasons = [need.reason for need in wanted if not need.is_met]
    return pytest.mark.skipif(bool(reasons), reason=reasons[0] if reasons else "all is here")


needs_inmet_files = needs(INMET_FILES)


def unmet(reasons: list[str]) -> Iterator[str]:
    """One sentence for each need that had tests skipped, with their number and the remedy."""
    counted = Counter(reasons)
    for need in NEEDS:
        if count := counted[need.reason]:
            yield f"{count} test{'s' if count > 1 else ''} skipped: {need.reason}"


def skip_reasons(reports: list[pytest.TestReport]) -> list[str]:
    """Why each was skipped."""
    places = [report.longrepr for report in reports]
    return [str(place[2]).removeprefix("Skipped: ") for place in places if isinstance(place, tuple)]
