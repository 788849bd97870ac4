"""The dashboards as they are committed, and what is in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from inmet_platform_tests.embedded import ROOT

FOLDER = ROOT / "grafana" / "dashboards"
PATHS = sorted(FOLDER.glob("*.json"))
NAMES = [path.stem for path in PATHS]

# $name, ${name}, ${name:format}, ${name.property}; not [[name]], which nothing here uses.
VARIABLE = re.compile(r"\$(?:\{(\w+)(?:[.:][^}]*)?\}|(\w+))")


def load(name: str) -> dict[str, Any]:
    """A dashboard by the name of its file."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
    return found


def panels(name: str) -> list[dict[str, Any]]:
    """Its panels; none is in a collapsed row."""
    found: list[dict[str, Any]] = load(name)["panels"]
    return found


def texts(value: Any) -> Iterator[str]:
    """Every string in it."""
    if isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str):
        yield value


def code_of(panel: dict[str, Any]) -> list[str]:
    """Its JavaScript, in which `${…}` is no variable of Grafana."""
    options = panel["options"]
    return [options[key] for key in ("getOption", "onRender", "onInit") if options.get(key)]


def variables_in(text: str) -> set[str]:
    """The names of the variables in a text."""
    return {found[1] or found[2] for found in VARIABLE.finditer(text)}
