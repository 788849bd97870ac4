"""The check of the stations against INMET's catalogue, when a catalogue is configured."""

from pathlib import Path

import dagster as dg

from inmet_platform.assets.metadata import bullets
from inmet_platform.assets.snowflake_clean import snowflake_clean
from inmet_platform.inmet.readers import StationHeader
from inmet_platform.inmet.readers.catalogue import read_catalogue, same_name
from inmet_platform.resources.snowflake import SnowflakeWarehouse
from inmet_platform.warehouse.session import Row

FARTHEST_DEG = 0.05


@dg.asset_check(asset=snowflake_clean)
def stations_agree_with_the_catalogue(
    context: dg.AssetCheckExecutionContext, warehouse: SnowflakeWarehouse
) -> dg.AssetCheckResult:
    """Warns about stations that the catalogue lacks, or has with another name or place.

    The catalogue is the file of `STATION_CATALOGUE`; without this setting the check does not exist.
    """
    settings = warehouse.settings
    path = settings.home / (settings.station_catalogue or Path())
    catalogue = read_catalogue(path.read_bytes(), file=path.name)
    tag = f"dagster:{context.run.run_id}:stations_agree_with_the_catalogue"
    with warehouse.session(tag) as session:
        rows = session.query("clean/select_current_stations")
    sentences = (disagreement(row, catalogue.get(row["station_id"])) for row in rows)
    offenders = [sentence for sentence in sentences if sentence]
    return dg.AssetCheckResult(
        passed=not offenders,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "threshold": f"{FARTHEST_DEG} degrees, the same name",
            "stations compared": len(rows),
            "offenders": bullets(offenders),
        },
    )


def disagreement(row: Row, entry: StationHeader | None) -> str | None:
    """How a current station differs from the catalogue; None when it does not."""
    code = row["station_id"]
    if entry is None:
        return f"{code} is not in the catalogue"
    if row["station_name"] and not same_name(row["station_name"], entry.name or ""):
        return f"{code} is {row['station_name']}, in the catalogue {entry.name}"
    here = row["latitude_deg"], row["longitude_deg"]
    if None in here or entry.latitude_deg is None or entry.longitude_deg is None:
        return None
    there = entry.latitude_deg, entry.longitude_deg
    if max(abs(here[0] - there[0]), abs(here[1] - there[1])) <= FARTHEST_DEG:
        return None
    return f"{code} stands at {here[0]}, {here[1]}, in the catalogue at {there[0]}, {there[1]}"
