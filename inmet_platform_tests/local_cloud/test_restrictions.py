"""The stand-in refuses what Snowflake refuses by its own pages; no statement of ours is of it."""

from __future__ import annotations

import pytest

from inmet_platform.config.settings import Settings
from inmet_platform.errors import WarehouseError
from inmet_platform.warehouse.session import open_session
from inmet_platform.warehouse.sql import Statements
from inmet_platform_tests import fidelity
from inmet_platform_tests.local_cloud.refused import REFUSED, REFUSED_IN_A_PIPE, TAKEN
from inmet_platform_tests.warehouse.written import bound_to_null
from local_cloud.restrictions import RESTRICTIONS, offences, refusal
from local_cloud.statement import command_of

CASES = [(says, text) for says, texts in REFUSED.items() for text in texts]
COPY = "COPY INTO a FROM @s/x FILE_FORMAT = (TYPE = PARQUET)"


def _says(text: str) -> list[str]:
    return [restriction.says for restriction, _ in offences(text)]


@pytest.mark.parametrize(("says", "text"), CASES)
def test_what_snowflake_refuses_is_found(says: str, text: str) -> None:
    assert set(_says(text)) == {says}


@pytest.mark.parametrize("text", TAKEN)
def test_what_snowflake_takes_is_no_offence(text: str) -> None:
    assert _says(text) == []


def test_each_restriction_has_a_case() -> None:
    assert [restriction.says for restriction in RESTRICTIONS] == list(REFUSED)


@pytest.mark.parametrize("option", REFUSED_IN_A_PIPE)
def test_a_pipes_copy_may_say_less_than_a_copy(option: str) -> None:
    assert refusal(f"{COPY} {option}") is None
    refused = refusal(f"{COPY} {option}", in_a_pipe=True)
    assert refused
    assert "A pipe's COPY has fewer options" in refused[0]


@pytest.mark.parametrize("name", fidelity.statement_names())
def test_no_statement_holds_what_snowflake_refuses(written: Statements, name: str) -> None:
    text = bound_to_null(name, written)
    assert command_of(text) or _says(text) == []


def test_the_endpoint_refuses_it_in_snowflakes_words(shared_settings: Settings) -> None:
    with open_session(shared_settings, tag="test") as session:
        for says, text in CASES:
            with pytest.raises(WarehouseError) as refused:
                session.query_text(text)
            assert says in str(refused.value)
        number = "error 2031,"
        subquery = REFUSED["A correlated EXISTS cannot be an argument of OR"][0]
        with pytest.raises(WarehouseError, match="Unsupported subquery type cannot") as refused:
            session.query_text(subquery)
        assert number in str(refused.value)
