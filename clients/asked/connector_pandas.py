"""snowflake-connector-python: results as pandas, in one piece and in batches."""

import os

import snowflake.connector

CONNECTION = {
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
HOURS = "SELECT station_id, observed_at, temperature_c FROM OBSERVATIONS ORDER BY observed_at"

with snowflake.connector.connect(**CONNECTION) as connection:
    frame = connection.cursor().execute(HOURS).fetch_pandas_all()
    assert len(frame) == int(os.environ["EXPECTED_HOURS"]), len(frame)
    assert str(frame["OBSERVED_AT"].dtype).startswith("datetime64"), frame.dtypes
    assert frame["TEMPERATURE_C"].between(-10, 50).sum() > 8000, frame.describe()
    batches = connection.cursor().execute(HOURS).fetch_pandas_batches()
    assert sum(len(batch) for batch in batches) == len(frame)
    hot = connection.cursor().execute(
        "SELECT COUNT(*) FROM OBSERVATIONS WHERE temperature_c > %s", (25,)
    )
    assert hot.fetchone() == ((frame["TEMPERATURE_C"] > 25).sum(),)
