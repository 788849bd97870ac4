"""The jobs: the whole chain, its part from a raw object to the CSV, and a year judged anew."""

from __future__ import annotations

from typing import Any

import dagster as dg

from inmet_platform.assets.snowflake_clean import CLEAN_YEARS

CHAIN = [
    "raw_s3_file",
    "snowflake_raw",
    "snowflake_clean",
    "inmet_clean_csv",
    "trained_model",
    "rain_forecast",
]

inmet_chain = dg.define_asset_job(
    "inmet_chain",
    selection=dg.AssetSelection.assets(*CHAIN),
    description="Everything pending, from raw/ to the trained model and its forecast.",
)

# The sensor starts this job. The model follows by automation, so that new data are in the CSV
# before a training ends.
inmet_intake = dg.define_asset_job(
    "inmet_intake",
    selection=dg.AssetSelection.assets(*CHAIN[:-2]),
    description="Everything pending, from raw/ to the clean CSV.",
)


def _judge(year: str) -> dict[str, Any]:
    return {"ops": {"snowflake_clean": {"config": {"judge": [int(year)]}}}}


# A partition a year: "2019 again" is a run of the partition 2019, which writes the files of 2019
# alone. The assets themselves have no partitions, so that the chain needs none named.
judge_years = dg.define_asset_job(
    "judge_years",
    selection=dg.AssetSelection.assets("snowflake_clean", "inmet_clean_csv"),
    config=dg.PartitionedConfig(partitions_def=CLEAN_YEARS, run_config_for_partition_key_fn=_judge),
    description="Years of CLEAN judged anew by the quality rules of today, and their files; what "
    "is pending is merged, too.",
)
