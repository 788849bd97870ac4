"""Checks on the stations: impossible coordinates, and moves that look like typing errors."""

from typing import Any

import dagster as dg

from inmet_platform.assets.metadata import bullets
from inmet_platform.assets.snowflake_clean import snowflake_clean
from inmet_platform.resources.snowflake import SnowflakeWarehouse
from inmet_platform.warehouse.session import Row

# Including the islands of the Atlantic as far as Martim Vaz.
BRAZIL: dict[str, Any] = {"south": -33.8, "north": 5.3, "west": -74.0, "east": -28.8}
# C891 stands in Antarctica, though INMET files it under SP.
KNOWN_OUTSIDE = {"C891"}
LARGEST_MOVE_DEG = 0.05


@dg.asset_check(asset=snowflake_clean)
def every_station_is_in_brazil(
    context: dg.AssetCheckExecutionContext, warehouse: SnowflakeWarehouse
) -> dg.AssetCheckResult:
    """Warns about coordinates outside Brazil and its islands, except at stations known there."""
    with warehouse.session(f"dagster:{context.run.run_id}:every_station_is_in_brazil") as session:
        rows = session.query("clean/select_stations_outside", **BRAZIL)
    known = [row for row in rows if row["station_id"] in KNOWN_OUTSIDE]
    offenders = [row for row in rows if row["station_id"] not in KNOWN_OUTSIDE]
    return dg.AssetCheckResult(
        passed=not offenders,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "threshold": "latitude {south} to {north}, longitude {west} to {east}".format(**BRAZIL),
            "offenders": bullets(map(_place, offenders)),
            "known": bullets(map(_place, known)),
        },
    )


@dg.asset_check(asset=snowflake_clean)
def no_station_moves_far(
    context: dg.AssetCheckExecutionContext, warehouse: SnowflakeWarehouse
) -> dg.AssetCheckResult:
    """Warns about versions of a station far from each other: a move, or a typing error."""
    with warehouse.session(f"dagster:{context.run.run_id}:no_station_moves_far") as session:
        rows = session.query("clean/select_station_moves", degrees=LARGEST_MOVE_DEG)
    return dg.AssetCheckResult(
        passed=not rows,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "threshold": f"{LARGEST_MOVE_DEG} degrees of latitude or longitude",
            "offenders": bullets(
                f"{_place(row)}; before at {row['latitude_before_deg']}, "
                f"{row['longitude_before_deg']}"
                for row in rows
            ),
        },
    )


def _place(row: Row) -> str:
    return (
        f"{row['station_id']} {row['station_name']}, from {row['valid_from']}: "
        f"{row['latitude_deg']}, {row['longitude_deg']}"
    )
