"""Snowpark: a DataFrame made of values in Python."""

import os

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
    }
).create()
made = session.create_dataframe([[1, "a"], [2, "b"]], schema=["n", "t"])
assert made.count() == 2
session.close()
