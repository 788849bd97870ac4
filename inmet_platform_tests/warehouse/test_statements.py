"""Every `.sql` file is run by the endpoint, and read by two grammars that are not ours.

`make check` has sqlfluff's Snowflake grammar read them; sqlglot's is asked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import boto3
import pytest
from sqlglot import exp, parse_one

from inmet_platform.errors import TrustMissing, WarehouseError
from inmet_platform.warehouse.bootstrap import bootstrap
from inmet_platform.warehouse.session import Session, open_session
from inmet_platform.warehouse.sql import Statements
from inmet_platform_tests import fidelity
from inmet_platform_tests.embedded import EmbeddedCloud, write_home
from inmet_platform_tests.signing import write_key_pair
from inmet_platform_tests.warehouse.values import UNKNOWN, values_of
from inmet_platform_tests.warehouse.written import TABLE, bound_to_null
from local_cloud.account_statements import IGNORED

# sqlglot keeps these as text: of them sqlfluff's grammar is the only independent reader.
NO_TREE = {
    r"CREATE ROLE": "account objects",
    r"CREATE USER": "account objects",
    r"CREATE RESOURCE MONITOR": "account objects",
    r"ALTER (?:WAREHOUSE|USER|PIPE)": "ALTER of what is no table or view",
    r"GRANT ROLE": "grants of roles",
    r"GRANT [A-Z, ]+ ON (?:ALL|PIPE)": "grants on ALL … IN SCHEMA, and on pipes",
    r"CREATE PIPE": "its COPY INTO is read by itself, below",
}


@pytest.fixture(scope="module")
def statements(
    embedded_cloud: EmbeddedCloud, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str | None]]:
    """Name of a statement → the endpoint's refusal, or None; all run in one session."""
    folder = tmp_path_factory.mktemp("statements")
    _, public = write_key_pair(folder, "loader")
    arn = "arn:aws:iam::000000000000:role/statements"
    settings = write_home(
        folder / "home",
        **embedded_cloud.ports,
        S3_BUCKET="bucket-statements",
        RAW_EVENTS_QUEUE="queue-statements",
        SNOWFLAKE_DATABASE="STATEMENTS",
        SNOWFLAKE_STORAGE_INTEGRATION="STATEMENTS_S3",
        BOOTSTRAP_ACCOUNT="true",
        SNOWFLAKE_STORAGE_ROLE_ARN=arn,
        SNOWFLAKE_STORAGE_EXTERNAL_ID="ours",
        SNOWFLAKE_LOADER_PUBLIC_KEY_PATH=str(public),
        SNOWFLAKE_READER_PUBLIC_KEY_PATH=str(public),
    )
    iam = boto3.client("iam", **settings.aws_client_arguments())
    policy: list[str] = []
    with pytest.raises(TrustMissing):
        _collect(bootstrap(settings), policy)
    iam.create_role(RoleName="statements", AssumeRolePolicyDocument=policy[-1])
    _collect(bootstrap(settings), [])
    with open_session(settings, tag="test") as session:
        yield _run_all(session)


def _collect(sentences: Iterator[str], into: list[str]) -> None:
    for sentence in sentences:
        into.append(sentence)


def _run_all(session: Session) -> dict[str, str | None]:
    """Run every file; what waits for another's temporary table is tried again after it."""
    refusals: dict[str, str | None] = dict.fromkeys(fidelity.statement_names(), "not run")
    for _ in range(4):
        for name in [name for name, refusal in refusals.items() if refusal]:
            refusals[name] = _run(session, name)
    return refusals


def _run(session: Session, name: str) -> str | None:
    values = values_of(session.statements.text(name, TABLE))
    unknown = sorted(name for name, value in values.items() if value is UNKNOWN)
    if unknown:
        return f"add a value for {unknown} to VALUES in values.py"
    try:
        session.query(name, table=TABLE, **values)
    except WarehouseError as error:
        return str(error)
    return None


@pytest.fixture(scope="module")
def ledger() -> dict[str, fidelity.Row]:
    return fidelity.rows()


@pytest.mark.parametrize("name", fidelity.statement_names())
def test_the_endpoint_runs_every_statement(statements: dict[str, str | None], name: str) -> None:
    assert statements[name] is None


@pytest.mark.parametrize("name", fidelity.statement_names())
def test_the_ledger_calls_executed_what_has_an_effect_here_and_nothing_else(
    name: str, written: Statements, ledger: dict[str, fidelity.Row]
) -> None:
    text = re.sub(r"^--.*\n", "", written.text(name, TABLE), flags=re.MULTILINE)
    row = ledger[f"sql {name}"]
    if IGNORED.match(text):
        assert row.proof == "grammar", f"{name} is accepted here without an effect"
    else:
        assert row.proof == "executed", f"{name} is run here"


@pytest.mark.parametrize("name", fidelity.statement_names())
def test_sqlglots_snowflake_dialect_reads_every_statement(name: str, written: Statements) -> None:
    text = bound_to_null(name, written)
    excused = [form for form in NO_TREE if re.match(form, text)]
    tree = parse_one(text, dialect="snowflake")
    if isinstance(tree, exp.Command):
        assert excused, f"{name}: sqlglot has no tree for it; give the reason in NO_TREE"
    else:
        assert not excused, f"{name}: sqlglot reads it; narrow NO_TREE"


@pytest.mark.parametrize("form", NO_TREE)
def test_no_excuse_is_left_over(form: str, written: Statements) -> None:
    assert any(re.match(form, bound_to_null(name, written)) for name in fidelity.statement_names())


@pytest.mark.parametrize("name", ["40_create_pipe_observations", "41_create_pipe_station_headers"])
def test_the_copy_of_a_pipe_is_read_as_a_copy(name: str, written: Statements) -> None:
    _, _, copy = bound_to_null(f"ddl/{name}", written).partition("\nAS ")
    tree = parse_one(copy, dialect="snowflake")
    assert isinstance(tree, exp.Copy)
    options = {str(option.this).upper() for option in tree.args["params"]}
    assert {"FILE_FORMAT", "MATCH_BY_COLUMN_NAME", "INCLUDE_METADATA"} <= options
