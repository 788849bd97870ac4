"""What `make clients` says; the clients themselves are installed and run by it alone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest

from clients.__main__ import FAILED, NOT_IMITATED, PASSED, PASSES_NOW, ask_one, table
from clients.asking import Client
from clients.environments import LOCKS, NODE_PROJECT, Environment, NotInstalled, locked_version
from clients.table import CLIENTS
from clients.world import World
from inmet_platform_tests.processes import ROOT

NO_WORLD = cast("World", None)
HERE = Environment("somewhere")


def asked(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "clients", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def does_it(*_: Any) -> None:
    return


def does_not(*_: Any) -> None:
    raise AssertionError("expected 3; found 2")


def fails_otherwise(*_: Any) -> None:
    raise ConnectionError("nobody answers")


def client(ask: Any, limit: str = "") -> Client:
    words = "expected 3" if limit else ""
    return Client(
        *("snow", "snow", "snowflake-cli", "a deed", ask), not_imitated=limit, refused_with=words
    )


def test_the_help_names_every_client() -> None:
    said = " ".join(asked("--help").stdout.split())
    assert [it.name for it in CLIENTS if it.name not in said] == []


def test_an_unknown_client_is_told_with_those_there_are() -> None:
    done = asked("dbt", "excel")
    assert done.returncode == 1
    assert done.stderr.startswith("no client excel; there are snow, ")


@pytest.mark.parametrize(
    ("ask", "limit", "result", "well"),
    [
        (does_it, "", PASSED, True),
        (does_not, "", FAILED, False),
        (does_not, "results as JSON", NOT_IMITATED, True),
        (does_it, "results as JSON", PASSES_NOW, False),
        (fails_otherwise, "results as JSON", FAILED, False),
    ],
)
def test_a_client_is_well_when_it_is_as_its_row_says(
    ask: Any, limit: str, result: str, well: bool
) -> None:
    outcome = ask_one(client(ask, limit), NO_WORLD, HERE)
    assert (outcome.result, outcome.well) == (result, well)
    told = table([outcome])
    assert result in told
    assert ("expected 3; found 2" in told) == (ask is does_not and not limit)


def test_a_client_that_cannot_be_installed_is_told_with_why() -> None:
    outcome = ask_one(client(does_it), NO_WORLD, NotInstalled("no wheel for this machine"))
    assert not outcome.well
    assert "snow: no wheel for this machine" in table([outcome])


@pytest.mark.parametrize("one", CLIENTS, ids=lambda it: it.name)
def test_a_client_that_cannot_be_imitated_says_by_which_error_it_fails(one: Client) -> None:
    assert bool(one.refused_with) == bool(one.not_imitated)


@pytest.mark.parametrize("lock", sorted(LOCKS.glob("*.lock")), ids=lambda it: it.stem)
def test_a_lock_has_versions_and_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    pins = [line for line in text.splitlines() if "==" in line and not line.startswith(" ")]
    assert pins
    assert all(pin.endswith(" \\") for pin in pins), "each is followed by its hashes"
    assert "://" not in text


def test_npms_lock_has_hashes_and_no_address() -> None:
    packages = json.loads((NODE_PROJECT / "package-lock.json").read_text(encoding="utf-8"))
    locked = [it for name, it in packages["packages"].items() if name]
    assert all("integrity" in it and "resolved" not in it for it in locked)


@pytest.mark.parametrize("one", CLIENTS, ids=lambda it: it.name)
def test_the_version_of_every_client_is_locked(one: Client) -> None:
    assert locked_version(one.lock, one.package)[0].isdigit()
