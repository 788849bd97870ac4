"""What a statement about pipes or the account needs: sqlglot has no tree of it, so by its words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from local_cloud.access.granting import Granting, read_grant
from local_cloud.access.objects import ANY, Names, Need, need
from local_cloud.pipe_definition import read_pipe
from local_cloud.pipes import PipeStore
from local_cloud.statement import command_of, named, not_known, words_of

# Of most commands one privilege on what they name, or of the account.
PLAIN = {
    ("DROP", "PIPE"): ("OWNERSHIP", "PIPE"),
    ("DESC", "PIPE"): ("MONITOR|OPERATE", "PIPE"),
    ("CREATE", "ROLE"): ("CREATE ROLE", "ACCOUNT"),
    ("CREATE", "USER"): ("CREATE USER", "ACCOUNT"),
    # Only ACCOUNTADMIN makes a resource monitor, and gives a warehouse one.
    ("CREATE", "RESOURCE"): ("CREATE RESOURCE MONITOR", "ACCOUNT"),
    ("ALTER", "WAREHOUSE"): ("CREATE RESOURCE MONITOR", "ACCOUNT"),
    **{(verb, "USER"): ("OWNERSHIP", "USER") for verb in ("ALTER", "DROP", "DESC")},
    ("DROP", "ROLE"): ("OWNERSHIP", "ROLE"),
    ("DESC", "INTEGRATION"): ("USAGE", "INTEGRATION"),
}

ListTables = Callable[[str, str], list[str]]


def needs_of_command(
    text: str, names: Names, store: PipeStore, tables: ListTables
) -> Iterator[Need]:
    """What a command needs.

    Raises:
        ProgrammingError: that is not written down here.
    """
    words, command = words_of(text), command_of(text)
    match command:
        case ("CREATE", "PIPE"):
            yield from _creating_a_pipe(text, names)
        case ("ALTER", "PIPE"):
            yield from _operating(named(words, "PIPE"), names, store)
        case ("GRANT" | "REVOKE", _):
            yield from _granting(read_grant(text, names, tables))
        case (verb, noun) if (verb, noun) in PLAIN:
            privilege, kind = PLAIN[verb, noun]
            name = "" if kind == "ACCOUNT" else names.of(named(words, noun), kind)
            yield need(privilege, kind, name)
        case (verb, noun) if verb != "SHOW":
            raise not_known(f"{verb} {noun}")


def _creating_a_pipe(text: str, names: Names) -> Iterator[Need]:
    pipe = read_pipe(text)
    yield need("CREATE PIPE", "SCHEMA", names.of(pipe.name).rpartition(".")[0])
    yield from _copying(names.of(pipe.stage), names.of(pipe.table))
    if pipe.error_integration:
        yield need("USAGE", "INTEGRATION", pipe.error_integration)


def _copying(stage: str, table: str) -> Iterator[Need]:
    yield need("USAGE|READ", "STAGE", stage)
    yield need("SELECT", "TABLE", table)
    yield need("INSERT", "TABLE", table)


def _operating(name: str, names: Names, store: PipeStore) -> Iterator[Need]:
    """Pausing, resuming and refreshing take the stage and the table of the pipe, too."""
    yield need("OPERATE", "PIPE", names.of(name))
    pipe = store.find(names.database, name)
    if pipe:
        table = f"{pipe.database}.{pipe.table_schema}.{pipe.table_name}"
        yield from _copying(f"{pipe.database}.{pipe.stage}", table)


def _granting(grant: Granting) -> Iterator[Need]:
    for kind, name in grant.objects:
        yield need("OWNERSHIP", kind, name)
    if not grant.objects:  # ALL of what is not there
        yield Need(ANY, "ROLE", grant.to)
