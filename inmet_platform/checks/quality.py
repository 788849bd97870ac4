"""The quality rules as checks, one for each family: how far the clean hours can be trusted."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from inmet_platform.assets.metadata import bullets
from inmet_platform.assets.snowflake_clean import snowflake_clean
from inmet_platform.inmet.quality.families import FAMILIES, LARGEST_SHARE, MASKS
from inmet_platform.resources.snowflake import SnowflakeWarehouse

_NAMES = {family: f"few_hours_fail_{family}" for family in FAMILIES}


@dg.multi_asset_check(
    specs=[
        dg.AssetCheckSpec(
            name,
            asset=snowflake_clean,
            description=f"Warns when rules of the family '{family}' have flagged more than "
            f"{LARGEST_SHARE[family]:.1%} of all clean hours.",
        )
        for family, name in _NAMES.items()
    ]
)
def quality_by_family(
    context: dg.AssetCheckExecutionContext, warehouse: SnowflakeWarehouse
) -> Iterator[dg.AssetCheckResult]:
    """All families in one statement, which reads one column."""
    with warehouse.session(f"dagster:{context.run.run_id}:quality_by_family") as session:
        [counts] = session.query("clean/count_by_family", **dict[str, Any](MASKS))
    for family, name in _NAMES.items():
        share = counts[family] / counts["row_count"] if counts["row_count"] else 0.0
        yield dg.AssetCheckResult(
            asset_key=snowflake_clean.key,
            check_name=name,
            passed=share <= LARGEST_SHARE[family],
            severity=dg.AssetCheckSeverity.WARN,
            metadata={
                "threshold": LARGEST_SHARE[family],
                "share": round(share, 6),
                "hours flagged": counts[family],
                "hours": counts["row_count"],
                "rules": bullets(FAMILIES[family]),
            },
        )
