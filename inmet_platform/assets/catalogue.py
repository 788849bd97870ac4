"""What Dagster's catalogue tells of each asset: owner, table, columns, address, freshness.

Columns come from the one schema (`inmet/schema.py`, `results/manifest.py`). The lineage begins at
INMET's portal and ends at who asks the data: both are here as assets that others make.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import dagster as dg

from inmet_platform.config.settings import Settings
from inmet_platform.inmet.schema import FLAG_NAMES, OBSERVATION_SCHEMA, VARIABLES
from inmet_platform.results.manifest import CLEAN_SCHEMA
from inmet_platform.results.result_files import ResultFiles

OWNERS = ["team:inmet-platform"]

# INMET replaces the running year's zip about once a month, and uploads come when they come: a month
# and a half without any run is worth a look, three months mean that nobody feeds the chain.
FRESH = dg.FreshnessPolicy.time_window(
    fail_window=timedelta(days=90), warn_window=timedelta(days=45)
)

_DESCRIPTIONS = {
    "station_id": "INMET's code of the station",
    "observed_at": "End of the hour, UTC",
    "qc_tests": "A bit for each quality rule that fired on the row",
    "line_number": "Line of the file",
    **{it.name: f"{it.description}, in {it.unit}" for it in VARIABLES},
    **{flag: f"1 good, 3 suspect, 4 fail, 9 missing: of {it}" for it, flag in FLAG_NAMES.items()},
}
RAW, CLEAN = dg.AssetKey("snowflake_raw"), dg.AssetKey("snowflake_clean")


def described(assets: list[dg.AssetsDefinition], settings: Settings) -> list[Any]:
    """The assets as the catalogue shows them, and those that others make."""
    return [
        *dg.map_asset_specs(partial(_describe, _metadata(settings)), assets),
        *_of_others(settings),
    ]


def column_lineage(*columns: str, source: dg.AssetKey) -> dict[str, dg.TableColumnLineage]:
    """Metadata: a flag comes of its value, the tests of all values, any other of its namesake."""
    value_of = {flag: name for name, flag in FLAG_NAMES.items()} if source == RAW else {}
    every = list(FLAG_NAMES) if source == RAW else ["qc_tests"]
    return {
        "dagster/column_lineage": dg.TableColumnLineage(
            {
                column: [
                    dg.TableColumnDep(source, of)
                    for of in (every if column == "qc_tests" else [value_of.get(column, column)])
                ]
                for column in columns
            }
        )
    }


CLEAN_LINEAGE = column_lineage(*CLEAN_SCHEMA.names, source=RAW)
CSV_LINEAGE = column_lineage(*CLEAN_SCHEMA.names, source=CLEAN)


def _describe(metadata: dict[str, dict[str, Any]], spec: dg.AssetSpec) -> dg.AssetSpec:
    told = spec.merge_attributes(
        owners=OWNERS, metadata=metadata.get(spec.key.to_user_string(), {})
    )
    return told.replace_attributes(freshness_policy=FRESH)


def _metadata(settings: Settings) -> dict[str, dict[str, Any]]:
    database = settings.snowflake_database
    clean = f"{database}.{settings.snowflake_schema}.{settings.snowflake_table}"
    files = ResultFiles(settings.processed_dir)
    return {
        "raw_s3_file": {
            **_columns(OBSERVATION_SCHEMA),
            **_uri(_s3(settings, "landing/")),
        },
        "snowflake_raw": {
            **_columns(OBSERVATION_SCHEMA),
            "dagster/table_name": f"{database}.RAW.OBSERVATIONS",
        },
        "snowflake_clean": {**_columns(CLEAN_SCHEMA), "dagster/table_name": clean},
        "inmet_clean_csv": {**_columns(CLEAN_SCHEMA), **_uri(files.clean_csv.as_uri())},
        "trained_model": _uri(f"{settings.mlflow_url.rstrip('/')}/#/models/inmet-rain"),
        "rain_forecast": _uri(files.forecast_parquet.as_uri()),
    }


def _columns(schema: Any) -> dict[str, dg.TableSchema]:
    return {
        "dagster/column_schema": dg.TableSchema(
            [
                dg.TableColumn(it.name, str(it.type), description=_DESCRIPTIONS[it.name])
                for it in schema
            ]
        )
    }


def _uri(address: str) -> dict[str, str]:
    return {"dagster/uri": address}


def _s3(settings: Settings, prefix: str) -> str:
    folder = settings.s3_path.strip("/")
    return "/".join(["s3:/", settings.s3_bucket, *filter(None, [folder]), prefix])


def _of_others(settings: Settings) -> list[dg.AssetSpec]:
    make = partial(dg.AssetSpec, group_name="outside", owners=OWNERS)
    return [
        make(
            "inmet_portal",
            description="INMET's yearly zips, dados históricos. `inmet archive` and the job "
            "`fetch_archive` fetch them.",
            metadata=_uri(settings.archive_url),
        ),
        make(
            "raw_objects",
            deps=["inmet_portal"],
            kinds={"s3"},
            description="The files as they were sent, byte for byte: by the upload service, from "
            "the portal, by any S3 client.",
            metadata=_uri(_s3(settings, "raw/")),
        ),
        make(
            "data_service",
            deps=["inmet_clean_csv", "trained_model", "rain_forecast"],
            kinds={"fastapi"},
            description="Answers questions about the exported files over HTTP, read-only.",
            metadata=_uri(settings.data_url),
        ),
        make(
            "painel",
            deps=["data_service"],
            kinds={"javascript"},
            description="The page for people; the data service serves it.",
            metadata=_uri(settings.data_url),
        ),
        make(
            "grafana_dashboards",
            deps=["data_service"],
            kinds={"grafana"},
            description="Five dashboards, which ask the data service (grafana/dashboards).",
        ),
    ]
