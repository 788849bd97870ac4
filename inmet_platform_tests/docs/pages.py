"""The pages for people, and what they name: paths, links, commands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from inmet_platform_tests.embedded import ROOT

FOLDERS = ("docs", "infra", "local_cloud", "grafana")
PAGES = sorted(ROOT.glob("*.md"))
PAGES += sorted(page for name in FOLDERS for page in (ROOT / name).rglob("*.md"))
# It tells what was: its paths may be gone.
HISTORY = ROOT / "CHANGELOG.md"

FENCE = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"(?:^(?: {4}|\t).*\n)+", re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def links(page: Path) -> Iterator[str]:
    """Where its links lead within the repository."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    return (it for it in LINK.findall(text) if "://" not in it)


def named_code(page: Path) -> set[str]:
    """What stands between backticks within a line."""
    return set(CODE.findall(FENCE.sub("", page.read_text(encoding="utf-8"))))


def command_lines(page: Path) -> list[str]:
    """The lines of its blocks of code that a person would type, without their comments."""
    text = page.read_text(encoding="utf-8")
    fences = [block for block in FENCE.findall(text) if "mermaid" not in block]
    blocks = [*fences, *INDENTED.findall(FENCE.sub("", text))]
    lines = (line for block in blocks for line in block.splitlines())
    typed = (re.split(r"\s{2,}#", line)[0].strip() for line in lines)
    return [line.removeprefix("$ ") for line in typed if re.match(r"[$.\w]", line)]


def anchors(page: Path) -> set[str]:
    """As GitHub and MkDocs both make them of headings."""
    found = HEADING.findall(FENCE.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", it.strip().lower()).replace(" ", "-") for it in found}
