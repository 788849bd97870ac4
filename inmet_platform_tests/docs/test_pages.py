"""What the pages name is there: paths, links, commands."""

from __future__ import annotations

import re
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from inmet_platform_tests.docs.pages import (
    HISTORY,
    PAGES,
    anchors,
    command_lines,
    links,
    name_of,
    named_code,
)
from inmet_platform_tests.embedded import ROOT
from inmet_platform_tests.fidelity import command_keys

PLATFORM = ROOT / "inmet_platform"
TOP = {it.name for it in ROOT.iterdir() if it.is_dir() and not it.name.startswith(".")} - {"data"}
ROOMS = {it.name for it in PLATFORM.iterdir() if it.is_dir()}
PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)*/?")
MODULE = re.compile(r"python -m ([\w.]+)")

each_page = pytest.mark.parametrize("page", PAGES, ids=name_of)


def _is_there(path: str) -> bool:
    first = path.partition("/")[0]
    if first in TOP:
        return (ROOT / path).exists()
    # A room: `ledger/receiving` is `inmet_platform/ledger/receiving.py`.
    return (PLATFORM / path).exists() or (PLATFORM / f"{path}.py").exists()


def _paths(page: Path) -> list[str]:
    named = [code for code in named_code(page) if "/" in code and PATH.fullmatch(code)]
    return [path for path in named if path.partition("/")[0] in TOP | ROOMS]


@pytest.mark.parametrize("page", [it for it in PAGES if it != HISTORY], ids=name_of)
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    assert [path for path in _paths(page) if not _is_there(path)] == []


def test_a_path_that_is_gone_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("`ledger/receiving`, `ledger/gone` and `inmet_platform/gone.py`")
    assert sorted(it for it in _paths(page) if not _is_there(it)) == [
        "inmet_platform/gone.py",
        "ledger/gone",
    ]


@each_page
def test_every_link_leads_to_a_file_and_its_heading(page: Path) -> None:
    lost = []
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(link)
    assert lost == []


@each_page
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    commands = {key.split()[1] for key in command_keys()}
    lines = [*command_lines(page), *named_code(page)]
    asked_of_make = {name for line in lines for name in re.findall(r"^make ([a-z]+)\b", line)}
    asked_of_us = {
        name for line in lines for name in re.findall(r"^(?:\S*/)?inmet ([a-z]+)\b", line)
    }
    assert asked_of_make <= targets
    assert asked_of_us <= commands
    modules = {name for line in lines for name in MODULE.findall(line)}
    assert [name for name in modules if find_spec(name) is None] == []


def _commands(page: Path) -> set[str]:
    """Everything that a person would type or paste, whatever language is around it."""
    typed = {line for line in command_lines(page) if "─▶" not in line and "◀─" not in line}
    return typed | {it for it in named_code(page) if re.match(r"make |inmet |\.venv/", it)}


def test_both_readmes_name_the_same_commands() -> None:
    english = _commands(ROOT / "README.md")
    assert {"make run", "make test", "make up"} <= english
    assert english == _commands(ROOT / "README.pt-BR.md")


def test_the_citation_names_the_version_of_the_package() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (citation["version"], citation["license"]) == (project["version"], project["license"])


def test_both_readmes_lead_to_the_same_pages() -> None:
    each_other = {"README.md", "README.pt-BR.md"}
    english, portuguese = (set(links(ROOT / name)) - each_other for name in sorted(each_other))
    assert english == portuguese
