"""No statement holds what Snowflake refuses by its own pages, though the stand-in takes it."""

from __future__ import annotations

import pytest
from sqlglot import exp, parse_one

from inmet_platform.warehouse.sql import Statements
from inmet_platform_tests import fidelity
from inmet_platform_tests.warehouse.restrictions import RESTRICTIONS, offences
from inmet_platform_tests.warehouse.written import bound_to_null

# As our statements were once, and others of their kind.
REFUSED = {
    "A correlated EXISTS cannot be an argument of OR": [
        """SELECT a.id FROM a WHERE a.is_claimed OR EXISTS (
               SELECT 1 FROM a AS b WHERE b.station_id = a.station_id)""",
        "DELETE FROM a WHERE a.id = 1 OR NOT EXISTS (SELECT 1 FROM b WHERE b.id = a.id)",
    ],
    "A correlated EXISTS stands in a WHERE clause alone": [
        "SELECT EXISTS (SELECT 1 FROM b WHERE b.id = a.id) AS is_there FROM a",
        "SELECT a.id FROM a JOIN c ON EXISTS (SELECT 1 FROM b WHERE b.id = a.id)",
    ],
    "A correlated subquery is joined by equality; the page promises no other": [
        """SELECT a.id FROM a WHERE EXISTS (
               SELECT 1 FROM a AS b WHERE b.station_id = a.station_id AND b.edition < a.edition)""",
        "SELECT a.id FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.id <> a.id)",
    ],
    "A recursive CTE names its columns": [
        """WITH RECURSIVE years AS (
               SELECT 2000 AS year UNION ALL SELECT year + 1 FROM years WHERE year < 2024)
           SELECT year FROM years""",
    ],
}
TAKEN = [
    "SELECT a.id FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.id = a.id AND b.size > 3)",
    "SELECT a.id FROM a WHERE a.id = 1 OR a.id IN (SELECT b.id FROM b)",
    "SELECT a.id FROM (SELECT b.id FROM b) AS a WHERE a.id = 1 OR a.id = 2",
    """WITH RECURSIVE years (year) AS (
           SELECT 2000 AS year UNION ALL SELECT year + 1 FROM years WHERE year < 2024)
       SELECT year FROM years""",
]


def _tree(text: str) -> exp.Expr:
    return parse_one(text, read="snowflake")


@pytest.mark.parametrize(
    ("says", "text"), [(says, text) for says, texts in REFUSED.items() for text in texts]
)
def test_what_snowflake_refuses_is_found(says: str, text: str) -> None:
    assert [it.partition(" (")[0] for it in offences(_tree(text))] == [says]


@pytest.mark.parametrize("text", TAKEN)
def test_what_snowflake_takes_is_no_offence(text: str) -> None:
    assert offences(_tree(text)) == []


def test_each_restriction_has_a_case() -> None:
    assert [restriction.says for restriction in RESTRICTIONS] == list(REFUSED)


@pytest.mark.parametrize("name", fidelity.statement_names())
def test_no_statement_holds_what_snowflake_refuses(written: Statements, name: str) -> None:
    assert offences(_tree(bound_to_null(name, written))) == []
