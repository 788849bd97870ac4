"""Reads `docs/fidelity.md`, and what of the code must stand in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import boto3
import typer
from botocore import xform_name

from inmet_platform.command.cli import app
from inmet_platform_tests.embedded import ROOT

DOCUMENT = ROOT / "docs" / "fidelity.md"
SQL = ROOT / "inmet_platform" / "warehouse" / "sql"
PROOFS = {"executed", "grammar", "schema", "documented"}
# What boto3 puts on a client besides the operations of the service.
OWN_METHODS = {
    *("upload_file", "upload_fileobj", "download_file", "download_fileobj", "copy"),
    *("get_paginator", "get_waiter", "generate_presigned_url", "generate_presigned_post"),
}
SERVICES = ("s3", "sqs", "sns", "iam", "sts", "cloudformation", "cloudwatch", "secretsmanager")
CLIENTS = re.compile(r"(?:^|_)(?:client|s3|sqs|sns|iam|sts|cloudformation|cloudwatch)$")


@dataclass(frozen=True)
class Row:
    """One row of the ledger."""

    key: str
    relied_on: str
    proof: str
    where: str


def rows() -> dict[str, Row]:
    found: dict[str, Row] = {}
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) == 4:
            row = Row(cells[0].strip("`"), *cells[1:])
            assert row.key not in found, f"{row.key} stands twice in docs/fidelity.md"
            found[row.key] = row
    return found


def statement_names() -> list[str]:
    return sorted(path.relative_to(SQL).with_suffix("").as_posix() for path in SQL.rglob("*.sql"))


def statement_keys() -> dict[str, str]:
    return {f"sql {name}": f"inmet_platform/warehouse/sql/{name}.sql" for name in statement_names()}


def command_keys() -> dict[str, str]:
    return dict.fromkeys(_commands(app, "inmet"), "inmet_platform/command/cli.py")


def _commands(of: typer.Typer, name: str) -> Iterator[str]:
    for command in of.registered_commands:
        assert command.callback
        yield f"{name} {command.name or command.callback.__name__.replace('_', '-')}"
    for group in of.registered_groups:
        assert group.typer_instance
        named = isinstance(group.name, str)
        yield from _commands(group.typer_instance, f"{name} {group.name}" if named else name)


def call_keys() -> dict[str, str]:
    """Every call of a boto3 client in the code that we ship, with where it is."""
    operations = _operations()
    found: dict[str, str] = {}
    for folder in ("inmet_platform", "upload_service"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for name, line in _client_calls(path):
                if name in operations | OWN_METHODS:
                    place = f"{path.relative_to(ROOT)}:{line}"
                    found.setdefault(f"boto3 {name}", place)
    return found


def _operations() -> set[str]:
    session = boto3.session.Session(region_name="us-east-1")
    names: set[str] = set()
    for service in SERVICES:
        model = session.client(service).meta.service_model
        names |= {xform_name(operation) for operation in model.operation_names}
    return names


def _client_calls(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            receiver = node.func.value
            name = getattr(receiver, "attr", None) or getattr(receiver, "id", "")
            if CLIENTS.search(name):
                yield node.func.attr, node.lineno
