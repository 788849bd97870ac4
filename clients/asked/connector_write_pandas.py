"""snowflake-connector-python: `write_pandas` into a table that is there."""

import os

import pandas as pd
import snowflake.connector
from snowflake.connector.pandas_tools import write_pandas

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
frame = pd.DataFrame({"STATION_ID": ["A001", "A002"], "RAIN_MM": [0.2, 3.4]})

with snowflake.connector.connect(**CONNECTION) as connection:
    connection.cursor().execute(
        "CREATE OR REPLACE TABLE CLIENT_WRITE_PANDAS (STATION_ID VARCHAR, RAIN_MM FLOAT)"
    )
    written, _, rows, _ = write_pandas(connection, frame, "CLIENT_WRITE_PANDAS")
    assert (written, rows) == (True, 2), (written, rows)
    count = connection.cursor().execute("SELECT COUNT(*) FROM CLIENT_WRITE_PANDAS")
    assert count.fetchone() == (2,)
