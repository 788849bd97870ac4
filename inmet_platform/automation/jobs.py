"""The jobs: the whole chain, and its part from a raw object to the CSV."""

from __future__ import annotations

import dagster as dg

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
