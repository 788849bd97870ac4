"""Snowpark: a table as a DataFrame, filtered, grouped, as pandas, saved as another table."""

import os

import snowflake.snowpark.functions as f
from snowflake.snowpark import Session

session = Session.builder.configs(
    {
        "account": "embedded",
        "user": "inmet",
        "password": "embedded",
        "host": "127.0.0.1",
        "port": int(os.environ["SNOWFLAKE_PORT"]),
        "protocol": "http",
        "database": os.environ["SNOWFLAKE_DATABASE"],
        "schema": "CLEAN",
        "warehouse": "INMET",
    }
).create()
hours = session.table("OBSERVATIONS")
assert hours.count() == int(os.environ["EXPECTED_HOURS"])
[row] = (
    hours.filter(f.col("TEMPERATURE_C") > 20)
    .group_by("STATION_ID")
    .agg(f.max("TEMPERATURE_C").alias("HOTTEST"))
    .collect()
)
assert 20 < row["HOTTEST"] < 50, row
frame = hours.select("STATION_ID", "OBSERVED_AT").limit(10).to_pandas()
assert len(frame) == 10
hours.select("STATION_ID", "OBSERVED_AT").limit(10).write.mode("overwrite").save_as_table(
    "CLIENT_SNOWPARK"
)
assert session.table("CLIENT_SNOWPARK").count() == 10
session.close()
