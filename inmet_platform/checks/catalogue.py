"""The check of the stations against INMET's catalogue, when one is configured."""

from pathlib import Path

import dagster as dg

from inmet_platform.assets.snowflake_clean import snowflake_clean
from inmet_platform.inmet.catalogue import CatalogueStation, read_catalogue, same_name
from inmet_platform.resources.snowflake import SnowflakeWarehouse
from inmet_platform.warehouse.session import Row

FARTHEST_DEG = 0.05


@dg.asset_check(asset=snowflake_clean)
def stations_agree_with_the_catalogue(
    context: dg.AssetCheckExecutionContext, warehouse: SnowflakeWarehouse
) -> dg.AssetCheckResult:
    """Warns of stations that the catalogue lacks, names otherwise, or has elsewhere.

    The catalogue is the file of `STATION_CATALOGUE`; without the setting there is no check.
    """
    settings = warehouse.settings
    path = settings.home / (settings.station_catalogue or Path())
    catalogue = read_catalogue(path.read_bytes(), file=path.name)
    tag = f"dagster:{context.run.run_id}:stations_agree_with_the_catalogue"
    with warehouse.session(tag) as session:
        rows = session.query("clean/select_current_stations")
    offenders = [
        sentence
        for row in rows
        if (sentence := disagreement(row, catalogue.get(row["station_id"])))
    ]
    return dg.AssetCheckResult(
        passed=not offenders,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "threshold": f"{FARTHEST_DEG} degrees, the same name",
            "stations compared": len(rows),
            "offenders": dg.MetadataValue.md("\n".join(f"- {it}" for it in offenders) or "none"),
        },
    )


def disagreement(row: Row, entry: CatalogueStation | None) -> str | None:
    """What of a current station is not as in the catalogue; None when all is."""
    code = row["station_id"]
    if entry is None:
        return f"{code} is not in the catalogue"
    if row["station_name"] and not same_name(row["station_name"], entry.name):
        return f"{code} is {row['station_name']}, in the catalogue {entry.name}"
    if row["latitude_deg"] is None or row["longitude_deg"] is None:
        return None
    offset = max(
        abs(row["latitude_deg"] - entry.latitude_deg),
        abs(row["longitude_deg"] - entry.longitude_deg),
    )
    if offset > FARTHEST_DEG:
        return (
            f"{code} stands at {row['latitude_deg']}, {row['longitude_deg']}, in the catalogue at "
            f"{entry.latitude_deg}, {entry.longitude_deg}"
        )
    return None
