"""The check of our daily values against those that INMET publishes itself."""

import dagster as dg

from inmet_platform.assets.snowflake_clean import snowflake_clean
from inmet_platform.resources.snowflake import SnowflakeWarehouse

# A day of INMET's is of the hours that it had then, and ours of what it has published since.
LEAST_EQUAL = 0.95
COMPARED = ("precipitation", "temperature", "humidity")


@dg.asset_check(asset=snowflake_clean)
def days_agree_with_inmets(
    context: dg.AssetCheckExecutionContext, warehouse: SnowflakeWarehouse
) -> dg.AssetCheckResult:
    """Warns when our daily values differ from BDMEP's, of the stations whose BDMEP files are there.

    Compared are rain, mean temperature and mean humidity: their rule is known. A day counts where
    both have a value; equal is equal to the decimal that BDMEP gives.
    """
    with warehouse.session(f"dagster:{context.run.run_id}:days_agree_with_inmets") as session:
        stations = [row["station_id"] for row in session.query("clean/select_published_stations")]
        if not stations:
            return dg.AssetCheckResult(passed=True, description="no daily file of BDMEP is there")
        [counts] = session.query("clean/compare_daily", station_ids=stations)
    shares = {
        name: counts[f"{name}_equal_days"] / counts[f"{name}_days"]
        for name in COMPARED
        if counts[f"{name}_days"]
    }
    return dg.AssetCheckResult(
        passed=all(share >= LEAST_EQUAL for share in shares.values()),
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "threshold": f"{LEAST_EQUAL:.0%} of the days equal",
            "stations": len(stations),
            "compared": dg.MetadataValue.table(
                [
                    dg.TableRecord(
                        {
                            "variable": name,
                            "days": counts[f"{name}_days"],
                            "equal": counts[f"{name}_equal_days"],
                            "share": round(shares.get(name, 1.0), 4),
                        }
                    )
                    for name in COMPARED
                ]
            ),
        },
    )
