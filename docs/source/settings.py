"""The page of the settings: what `.env.example` says of each, and what holds without it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from docs.source.markdown import code, head, page, table
from inmet_platform.config.settings import Settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"

_SECTION = re.compile(r"# -- (.+?) -+$")
_NAME = re.compile(r"`[^`]*`|\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?:=\w+)?\b")


@dataclass
class Entry:
    """A setting of `.env.example`: its value there, and the comment above it."""

    name: str
    value: str
    comment: str


@dataclass
class Section:
    """A part of `.env.example`."""

    title: str
    entries: list[Entry] = field(default_factory=list)


def settings_page() -> str:
    """`docs/reference/settings.md`, whole."""
    sections = read_example(EXAMPLE.read_text(encoding="utf-8"))
    return page(
        head("Settings", "`.env.example` and `inmet_platform/config`", _INTRODUCTION),
        *(part for section in sections for part in (f"## {section.title}", _table(section))),
    )


_INTRODUCTION = """\
The platform reads its settings from the environment first and then from `.env` in the home folder:
`INMET_HOME`, or the working folder without it. `make` copies `.env.example` to `.env` when there is
no `.env`; with these values everything runs on your machine. An empty value counts as not set.

When settings are missing or contradict each other, a command that needs them names all of them at
once and says what to do. `inmet doctor` also asks the endpoints.

*Required* means that the platform does not start without a value."""


def read_example(text: str) -> Iterator[Section]:
    """The sections of `.env.example`, in their order."""
    section, comment = Section(""), ""
    for line in text.splitlines():
        if found := _SECTION.match(line):
            if section.entries:
                yield section
            section, comment = Section(found[1]), ""
        elif line.startswith("#"):
            comment += line.removeprefix("#")
        elif "=" in line:
            name, _, value = line.partition("=")
            section.entries.append(Entry(name, value, comment.strip()))
            comment = ""
    yield section


def _table(section: Section) -> str:
    heads = ["setting", "in `.env.example`", "without it", "what it is"]
    return table(
        heads,
        (
            [code(it.name), code(it.value), _without(it.name), _named(it.comment or _told(it.name))]
            for it in section.entries
        ),
    )


def _named(text: str) -> str:
    """The text with every setting's name as code."""
    return _NAME.sub(lambda found: f"`{found[0].strip('`')}`", text)


def _told(name: str) -> str:
    found = Settings.model_fields.get(name.lower())
    told = (found.description or "") if found else ""
    return told[:1].upper() + told[1:]


def _without(name: str) -> str:
    """What the platform takes when the setting is not there."""
    found = Settings.model_fields.get(name.lower())
    if found is None:
        return "not read by the platform"
    if found.is_required():
        return "*required*"
    if found.default in (None, ""):
        return "nothing"
    return code(str(found.default).lower() if isinstance(found.default, bool) else found.default)
