"""The catalogue: columns from the one schema, a lineage from the portal to who asks the data."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from inmet_platform.assets.catalogue import CLEAN_LINEAGE, CSV_LINEAGE, FRESH
from inmet_platform.definitions import build_defs
from inmet_platform.inmet.schema import FLAG_NAMES
from inmet_platform.results.manifest import CLEAN_SCHEMA
from inmet_platform_tests.embedded import write_home

OURS = {
    *("raw_s3_file", "snowflake_raw", "snowflake_clean"),
    *("inmet_clean_csv", "trained_model", "rain_forecast"),
}


@pytest.fixture(scope="module")
def defs(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    home: Path = tmp_path_factory.mktemp("home")
    return build_defs(write_home(home, S3_PATH="shared", SNOWFLAKE_DATABASE="WEATHER"))


def metadata(defs: dg.Definitions, name: str) -> dict[str, object]:
    return dict(defs.resolve_asset_graph().get(dg.AssetKey(name)).metadata)


def test_every_asset_has_an_owner_and_a_table_or_an_address_and_ours_must_be_fresh(
    defs: dg.Definitions,
) -> None:
    graph = defs.resolve_asset_graph()
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.owners == ["team:inmet-platform"], key
        named = {"dagster/table_name", "dagster/uri"} & set(node.metadata)
        assert named or key.to_user_string() == "grafana_dashboards", key
        assert node.freshness_policy == (FRESH if node.is_materializable else None), key


@pytest.mark.parametrize("name", ["snowflake_clean", "inmet_clean_csv"])
def test_the_columns_are_those_of_the_files_each_with_a_description(
    defs: dg.Definitions, name: str
) -> None:
    schema = metadata(defs, name)["dagster/column_schema"]
    assert isinstance(schema, dg.TableSchema)
    assert [column.name for column in schema.columns] == CLEAN_SCHEMA.names
    assert all(column.description for column in schema.columns)


def test_addresses_are_those_of_the_settings(defs: dg.Definitions) -> None:
    clean = metadata(defs, "snowflake_clean")
    assert clean["dagster/table_name"] == "WEATHER.CLEAN.OBSERVATIONS"
    assert metadata(defs, "raw_objects")["dagster/uri"] == "s3://inmet-data/shared/raw/"


def test_a_columns_lineage_goes_from_the_csv_to_raw() -> None:
    csv, clean = (
        it["dagster/column_lineage"].deps_by_column for it in (CSV_LINEAGE, CLEAN_LINEAGE)
    )
    assert list(csv) == list(clean) == CLEAN_SCHEMA.names
    [flag] = csv["temperature_flag"]
    assert (flag.asset_key.to_user_string(), flag.column_name) == (
        "snowflake_clean",
        "temperature_flag",
    )
    [value] = clean["temperature_flag"]
    assert (value.asset_key.to_user_string(), value.column_name) == (
        "snowflake_raw",
        "temperature_c",
    )
    assert {it.column_name for it in clean["qc_tests"]} == set(FLAG_NAMES)


def test_the_lineage_begins_at_the_portal_and_ends_at_who_asks(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    names = {it.to_user_string() for it in graph.get_all_asset_keys()}
    parents = {
        it: {p.to_user_string() for p in graph.get(dg.AssetKey(it)).parent_keys} for it in names
    }
    assert {it for it, of in parents.items() if not of} == {"inmet_portal"}
    assert names - set.union(*parents.values()) == {"painel", "grafana_dashboards"}


def test_all_means_what_is_made_here(defs: dg.Definitions) -> None:
    """`dagster asset materialize --select '*'` and `dg launch --assets '*'`."""
    chosen = dg.AssetSelection.from_coercible(["*"]).resolve(defs.resolve_asset_graph())
    assert {key.to_user_string() for key in chosen} == OURS
