"""docker-compose.yml as Compose reads it: aliases, then variables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from inmet_platform_tests.embedded import ROOT, example_environment

PATH = ROOT / "docker-compose.yml"
DOCKERFILE = ROOT / "infra" / "docker" / "Dockerfile"

# What a person fills in; the example leaves it empty.
FILLED_IN = {
    "MYSQL_DATABASE": "dagster",
    "MYSQL_USER": "inmet",
    "MYSQL_PASSWORD": "loopback-only",
    "MYSQL_ROOT_PASSWORD": "root-loopback-only",
    "MINIO_ROOT_USER": "store",
    "MINIO_ROOT_PASSWORD": "store-loopback-only",
    "MINIO_ACCESS_KEY_ID": "store",
    "MINIO_SECRET_ACCESS_KEY": "store-loopback-only",
    "GRAFANA_ADMIN_PASSWORD": "grafana-loopback-only",
    "UPLOAD_TOKEN": "upload-loopback-only",
    "JUPYTER_TOKEN": "notebook-loopback-only",
}

# $$ | ${NAME} | ${NAME-word}, ${NAME:-word}, the same with + and ?
VARIABLE = re.compile(r"\$\$|\$\{(?P<name>\w+)(?:(?P<operator>:?[-+?])(?P<word>[^}]*))?\}")


class Wanted(Exception):
    """A variable that the file insists on is empty."""


def interpolate(value: Any, environ: Mapping[str, str]) -> Any:
    """Every string with its variables replaced, by the rules of the compose specification."""
    if isinstance(value, dict):
        return {key: interpolate(item, environ) for key, item in value.items()}
    if isinstance(value, list):
        return [interpolate(item, environ) for item in value]
    return (
        VARIABLE.sub(lambda found: _value(found, environ), value) if type(value) is str else value
    )


def _value(found: re.Match[str], environ: Mapping[str, str]) -> str:
    if found[0] == "$$":
        return "$"
    value, operator, word = environ.get(found["name"]), found["operator"] or "", found["word"]
    given = bool(value) if ":" in operator else value is not None
    if operator.endswith("?") and not given:
        raise Wanted(found["name"])
    if operator.endswith("+"):
        return str(word) if given else ""
    if operator.endswith("-") and not given:
        return str(word)
    return value or ""


def raw() -> dict[str, Any]:
    """The file with its aliases, and its variables as they are written."""
    loaded: dict[str, Any] = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    return loaded


def filled_in(**changes: str) -> dict[str, str]:
    """A complete .env."""
    return {**example_environment(), **FILLED_IN, **changes}


def services(**changes: str) -> dict[str, dict[str, Any]]:
    """Every service, with a complete .env."""
    found: dict[str, dict[str, Any]] = interpolate(raw(), filled_in(**changes))["services"]
    return found


def copied() -> list[str]:
    """What the Dockerfile takes from the repository into the working folder of the image."""
    text = DOCKERFILE.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.split()[1:] for line in text.splitlines() if line.startswith("COPY ")]
    from_here = [line for line in lines if not line[0].startswith("--from")]
    return [item for line in from_here for item in line[:-1] if not item.startswith("--")]
