"""Each privilege that `sql/grants` gives is needed: without it a statement is refused.

The embedded endpoint enforces grants by Snowflake's pages; docs/fidelity.md names them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from inmet_platform.config.settings import Settings
from inmet_platform.errors import WarehouseError
from inmet_platform.warehouse.session import Session, open_session
from inmet_platform.warehouse.sql import Statements
from inmet_platform_tests import fidelity
from inmet_platform_tests.embedded import EmbeddedCloud, administrator, written_anew
from inmet_platform_tests.warehouse.values import values_of
from inmet_platform_tests.warehouse.written import TABLE

# (grant, privilege) -> the statement that needs it; the table of a pipe after "@".
LOADER = {
    ("10_grant_warehouse_to_loader", "USAGE"): "load/select_known_keys",
    ("11_grant_database_to_loader", "USAGE"): "load/select_known_keys",
    ("12_grant_raw_to_loader", "USAGE"): "load/select_known_keys",
    ("13_grant_clean_to_loader", "USAGE"): "clean/count_observations",
    ("14_grant_raw_tables_to_loader", "SELECT"): "load/select_known_keys",
    ("15_grant_files_to_loader", "INSERT"): "load/register_new_files",
    ("15_grant_files_to_loader", "UPDATE"): "load/mark_files_loaded",
    ("16_grant_landing_files_to_loader", "INSERT"): "load/insert_landing_files",
    ("16_grant_landing_files_to_loader", "DELETE"): "load/delete_landing_files",
    ("17_grant_rejected_files_to_loader", "INSERT"): "load/insert_rejected_files",
    ("17_grant_rejected_files_to_loader", "DELETE"): "load/delete_rejected_files",
    ("18_grant_clean_table_to_loader", "SELECT"): "clean/count_observations",
    ("18_grant_clean_table_to_loader", "INSERT"): "clean/merge_observations",
    ("18_grant_clean_table_to_loader", "UPDATE"): "clean/judge_series",
    ("18_grant_clean_table_to_loader", "DELETE"): "clean/merge_observations",
    ("19_grant_clean_views_to_loader", "SELECT"): "export/select_stations",
    ("20_grant_export_stage_to_loader", "USAGE"): "export/unload_year",
    ("21_grant_observations_pipe_to_loader", "MONITOR"): "load/select_pipe_states",
    ("21_grant_observations_pipe_to_loader", "OPERATE"): "pipe/pause@observations",
    ("22_grant_station_headers_pipe_to_loader", "MONITOR"): "load/select_pipe_states",
    ("22_grant_station_headers_pipe_to_loader", "OPERATE"): "pipe/pause@station_headers",
    ("23_grant_rain_forecast_to_loader", "SELECT"): "forecast/create_new_forecasts",
    ("23_grant_rain_forecast_to_loader", "INSERT"): "forecast/merge_rain_forecast",
    ("23_grant_rain_forecast_to_loader", "UPDATE"): "forecast/merge_rain_forecast",
    ("24_grant_landing_stage_to_loader", "USAGE"): "pipe/refresh@observations",
    ("25_grant_observations_to_loader", "INSERT"): "pipe/refresh@observations",
    ("26_grant_station_headers_to_loader", "INSERT"): "pipe/refresh@station_headers",
    ("27_grant_leases_to_loader", "UPDATE"): "lease/take",
    ("28_grant_judged_years_to_loader", "SELECT"): "clean/select_years",
    ("28_grant_judged_years_to_loader", "INSERT"): "clean/merge_judged_year",
    ("28_grant_judged_years_to_loader", "UPDATE"): "clean/merge_judged_year",
    ("29_grant_published_values_to_loader", "INSERT"): "pipe/refresh@published_values",
    ("29_grant_published_values_pipe_to_loader", "MONITOR"): "load/select_pipe_states",
    ("29_grant_published_values_pipe_to_loader", "OPERATE"): "pipe/pause@published_values",
}
# CREATE OR REPLACE PIPE needs each of these; CREATE PIPE on RAW stands for USAGE on it, too, and a
# pipe runs on no warehouse.
OWNER = {
    ("01_grant_database_to_owner", "USAGE"): "observations",
    ("02_grant_raw_to_owner", "CREATE PIPE"): "observations",
    ("03_grant_stage_to_owner", "USAGE"): "observations",
    ("04_grant_observations_to_owner", "SELECT"): "observations",
    ("04_grant_observations_to_owner", "INSERT"): "observations",
    ("05_grant_station_headers_to_owner", "SELECT"): "station_headers",
    ("05_grant_station_headers_to_owner", "INSERT"): "station_headers",
    ("08_grant_published_values_to_owner", "SELECT"): "published_values",
    ("08_grant_published_values_to_owner", "INSERT"): "published_values",
}
NOT_ASKED = {("02_grant_raw_to_owner", "USAGE"), ("06_grant_warehouse_to_owner", "USAGE")}
READER = {
    ("30_grant_warehouse_to_reader", "USAGE"): "CLEAN.OBSERVATIONS",
    ("31_grant_database_to_reader", "USAGE"): "CLEAN.OBSERVATIONS",
    ("32_grant_clean_to_reader", "USAGE"): "CLEAN.OBSERVATIONS",
    ("33_grant_clean_tables_to_reader", "SELECT"): "CLEAN.OBSERVATIONS",
    ("34_grant_clean_views_to_reader", "SELECT"): "CLEAN.STATIONS",
}
ROOMS_OF_THE_LOADER = ("lease", "load", "clean", "export", "forecast", "pipe")
REFUSED = "Insufficient privileges|does not exist or not authorized|No active warehouse"
# What others of the session work with.
BEFORE = (
    *("load/create_new_files", "load/create_taken_files", "load/create_taken_landing_files"),
    *("load/create_taken_refusals", "clean/create_batch_files"),
    *("clean/create_batch", "clean/create_repeated_hours", "clean/create_mixed_hours"),
    *("clean/create_sun_days", "clean/create_touched_stations", "forecast/create_new_forecasts"),
)


class Roles:
    """A tenant whose administrator takes privileges away and gives them back."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.admin = settings, administrator(settings)
        self.statements = Statements(self.admin)

    @contextmanager
    def without(self, grant: str, privilege: str) -> Iterator[None]:
        given = self.statements.text(f"grants/{grant}")
        [all_of_it] = re.findall(r"GRANT (.*?) ON", given)
        taken = given.replace(f"GRANT {all_of_it}", f"REVOKE {privilege}")
        self._as_admin(taken.replace(" TO ROLE ", " FROM ROLE "))
        try:
            yield
        finally:
            self._as_admin(given)

    def _as_admin(self, text: str) -> None:
        with open_session(self.admin, tag="test") as session:
            session.query_text(text)


@pytest.fixture(scope="module")
def roles(embedded_cloud: EmbeddedCloud, tmp_path_factory: pytest.TempPathFactory) -> Roles:
    return Roles(embedded_cloud.loaders_tenant(tmp_path_factory.mktemp("roles")))


@pytest.fixture(scope="module")
def loader(roles: Roles) -> Iterator[Session]:
    with open_session(roles.settings, tag="test") as session:
        for name in BEFORE:
            session.query(name, **values_of(session.statements.text(name)))
        yield session


def _run(session: Session, name: str) -> None:
    name, _, table = name.partition("@")
    session.query(name, table=table, **values_of(session.statements.text(name, table)))


@pytest.mark.parametrize(("grant", "privilege"), LOADER)
def test_without_a_privilege_of_the_loader_a_statement_is_refused(
    roles: Roles, loader: Session, grant: str, privilege: str
) -> None:
    with (
        roles.without(grant, privilege),
        pytest.raises(WarehouseError, match=REFUSED),
    ):
        _run(loader, LOADER[grant, privilege])
    _run(loader, LOADER[grant, privilege])


@pytest.mark.parametrize(
    "name",
    [it for it in fidelity.statement_names() if it.partition("/")[0] in ROOMS_OF_THE_LOADER],
)
def test_the_loader_may_do_what_every_statement_of_its_rooms_does(
    loader: Session, name: str
) -> None:
    _run(loader, f"{name}@{TABLE}")


@pytest.mark.parametrize(("grant", "privilege"), OWNER)
def test_without_a_privilege_of_the_owner_no_pipe_is_made(
    roles: Roles, grant: str, privilege: str
) -> None:
    ending = f"_create_pipe_{OWNER[grant, privilege]}"
    [name] = [it for it in roles.statements.names("ddl") if it.endswith(ending)]
    text = roles.statements.text(name)
    text = text.replace("CREATE PIPE IF NOT EXISTS", "CREATE OR REPLACE PIPE")
    with open_session(roles.admin, tag="test", role=roles.admin.owner_role) as owner:
        with roles.without(grant, privilege), pytest.raises(WarehouseError, match=REFUSED):
            owner.query_text(text)
        owner.query_text(text)


@pytest.mark.parametrize(("grant", "privilege"), READER)
def test_without_a_privilege_of_the_reader_clean_is_refused(
    roles: Roles, grant: str, privilege: str
) -> None:
    role = f"{roles.admin.snowflake_database}_READER"
    question = f"SELECT COUNT(*) AS n FROM {READER[grant, privilege]}"  # noqa: S608
    with open_session(roles.admin, tag="test", role=role) as reader:
        with roles.without(grant, privilege), pytest.raises(WarehouseError, match=REFUSED):
            reader.query_text(question)
        reader.query_text(question)


def test_every_privilege_of_a_grant_has_its_statement(written: Statements) -> None:
    given = {
        (name.partition("/")[2], privilege)
        for name in written.names("grants")
        for privileges in re.findall(r"GRANT (.*?) ON ", written.text(name))
        for privilege in privileges.split(", ")
    }
    error_integration = ("07_grant_error_integration_to_owner", "USAGE")
    assert given == {*LOADER, *OWNER, *NOT_ASKED, *READER, error_integration}


@pytest.mark.parametrize(
    "forbidden",
    [
        *("DELETE FROM RAW.OBSERVATIONS", "UPDATE RAW.STATION_HEADERS SET uf = 'DF'"),
        *("DROP TABLE RAW.FILES", "CREATE TABLE RAW.OTHER (a INTEGER)", "DROP STAGE RAW.LANDING"),
        *(f"CREATE OR REPLACE {it} CLEAN.DAILY AS SELECT 1 AS a" for it in ("VIEW", "TEMP VIEW")),
        *("ALTER STAGE RAW.LANDING SET URL = 's3://x/'", "DROP PIPE RAW.OBSERVATIONS_PIPE"),
        *("CREATE ROLE IF NOT EXISTS MINE", "GRANT SELECT ON TABLE RAW.FILES TO ROLE PUBLIC"),
        *("CREATE TABLE CLEAN.OTHER (a INTEGER)", "TRUNCATE TABLE RAW.FILES"),
        "CREATE OR REPLACE PIPE RAW.OBSERVATIONS_PIPE AUTO_INGEST = TRUE AS "
        "COPY INTO RAW.OBSERVATIONS FROM @RAW.LANDING/x/ FILE_FORMAT = (TYPE = PARQUET)",
    ],
)
def test_the_loader_may_do_nothing_else(loader: Session, forbidden: str) -> None:
    with pytest.raises(WarehouseError, match=REFUSED):
        loader.query_text(forbidden)


def test_a_pipe_that_names_an_error_integration_takes_usage_on_it(
    embedded_cloud: EmbeddedCloud, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings = embedded_cloud.loaders_tenant(tmp_path_factory.mktemp("errors"))
    admin = administrator(settings)
    with_errors = written_anew(admin, admin.home, SNOWFLAKE_ERROR_INTEGRATION="INMET_ERRORS")
    statements = Statements(with_errors)
    pipe = statements.text("ddl/40_create_pipe_observations").replace("OBSERVATIONS_PIPE", "P")
    with open_session(with_errors, tag="test", role=with_errors.owner_role) as owner:
        with pytest.raises(WarehouseError, match="Integration 'INMET_ERRORS' does not exist or"):
            owner.query_text(pipe)
        with open_session(with_errors, tag="test") as session:
            session.query_text(statements.text("grants/07_grant_error_integration_to_owner"))
        owner.query_text(pipe)
        [made] = owner.query_text("SHOW PIPES LIKE 'P'")
    assert made["error_integration"] == "INMET_ERRORS"
    assert made["owner"] == with_errors.owner_role.upper()
