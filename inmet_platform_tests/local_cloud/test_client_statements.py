import pytest

from local_cloud.client_statements import understood


@pytest.mark.parametrize(
    ("sent", "run"),
    [
        (
            "create or replace  temporary view A.B.C as (select 1)",
            "create or replace  view A.B.C as (select 1)",
        ),
        ("CREATE TEMP VIEW v AS SELECT 1", "CREATE VIEW v AS SELECT 1"),
        ("/* dbt */ create temporary view v as select 1", "/* dbt */ create view v as select 1"),
        ("create temporary table t (a int)", "create temporary table t (a int)"),
        ("SELECT 'create temp view'", "SELECT 'create temp view'"),
        ("select SYSTEM$cancel_all_queries(3)", "select '0 cancelled.'"),
    ],
)
def test_what_clients_send_of_themselves_becomes_what_fakesnow_can_do(sent: str, run: str) -> None:
    assert understood(sent) == run
