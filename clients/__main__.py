"""`python -m clients`: run the clients and print what came of each."""

from __future__ import annotations

import argparse
import logging
import sys
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from clients.asking import Client
from clients.environments import (
    Environment,
    NotInstalled,
    locked_version,
    node_environment,
    python_environment,
    write_locks,
)
from clients.table import CLIENTS
from clients.world import World, world

PASSED, FAILED, NOT_IMITATED, NOT_INSTALLED = "passed", "FAILED", "not imitated", "NOT INSTALLED"
PASSES_NOW = "PASSES NOW"


@dataclass(frozen=True)
class Outcome:
    """What came of a client: one of the five words above, why, and the seconds of the asking."""

    client: Client
    result: str
    why: str
    seconds: float

    @property
    def well(self) -> bool:
        """Whether it is as it should be; a limit that is gone must leave the table, too."""
        return self.result in {PASSED, NOT_IMITATED}


def main() -> None:
    """Read the words, run the clients, print the table; the exit code is 1 when one is not well."""
    arguments = _parser().parse_args()
    if arguments.lock:
        write_locks()
        return
    wanted = [it for it in CLIENTS if not arguments.names or it.name in arguments.names]
    unknown = sorted(set(arguments.names) - {it.name for it in CLIENTS})
    if unknown or not wanted:
        known = ", ".join(it.name for it in CLIENTS)
        sys.exit(f"no client {', '.join(unknown)}; there are {known}")
    # Beside the clients' answers what the chain's packages say is noise; errors are not.
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    outcomes = run_all(wanted)
    print(table(outcomes))
    sys.exit(0 if all(it.well for it in outcomes) else 1)


def run_all(wanted: Sequence[Client]) -> list[Outcome]:
    """Install what is needed, start the endpoints once, and ask one client after the other."""
    installed = {it.lock: _installed(it.lock) for it in wanted}
    with TemporaryDirectory(prefix="clients-") as folder:
        with_model = any(it.needs_model for it in wanted)
        with world(Path(folder), with_model=with_model) as made:
            return [ask_one(it, made, installed[it.lock]) for it in wanted]


def _installed(lock: str) -> Environment | NotInstalled:
    try:
        return node_environment(lock) if lock == "sdk" else python_environment(lock)
    except NotInstalled as reason:
        return reason


def ask_one(client: Client, made: World, environment: Environment | NotInstalled) -> Outcome:
    """Ask a client in its environment; whatever it raises is the answer, and so is having none.

    A client that cannot be imitated must fail by its own limit, and by no other error.
    """
    if isinstance(environment, NotInstalled):
        return Outcome(client, NOT_INSTALLED, str(environment), 0.0)
    started = time.monotonic()
    result, why = (PASSES_NOW if client.not_imitated else PASSED), ""
    try:
        client.ask(made, environment)
    except Exception as error:
        why = str(error)
        as_told = client.not_imitated and client.refused_with in why
        result = NOT_IMITATED if as_told else FAILED
    return Outcome(client, result, why, time.monotonic() - started)


def table(outcomes: Sequence[Outcome]) -> str:
    """One line for each client, then why those that are not well are not."""
    rows = [("client", "version", "what was done", "result", "seconds")]
    for it in outcomes:
        version = f"{it.client.package} {locked_version(it.client.lock, it.client.package)}"
        result = f"{it.result}: {it.client.not_imitated}" if it.client.not_imitated else it.result
        rows.append((it.client.name, version, it.client.does, result, f"{it.seconds:.1f}"))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    bad = [
        f"\n{it.client.name}: {it.why or 'take not_imitated out of its row'}"
        for it in outcomes
        if not it.well
    ]
    return "\n".join([*lines, *bad])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m clients",
        description="Run real clients, each in an environment of its own under .clients/, against "
        "the embedded cloud. Without names all of them.",
        epilog="example: make clients CLIENT=dbt; the clients: "
        + ", ".join(it.name for it in CLIENTS),
    )
    parser.add_argument("names", nargs="*", metavar="CLIENT", help="names of clients")
    parser.add_argument("--lock", action="store_true", help="write the locks again, and end")
    return parser


if __name__ == "__main__":
    main()
