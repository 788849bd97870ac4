"""snowflake-sqlalchemy with pandas: `read_sql`, `to_sql` twice, and the table read back."""

import os

import pandas as pd
from snowflake.sqlalchemy import URL
from sqlalchemy import create_engine, inspect

address = URL(
    account="embedded",
    user="inmet",
    password="embedded",
    host="127.0.0.1",
    port=int(os.environ["SNOWFLAKE_PORT"]),
    database=os.environ["SNOWFLAKE_DATABASE"],
    schema="CLEAN",
    warehouse="INMET",
)
engine = create_engine(address, connect_args={"protocol": "http"})

hours = pd.read_sql("SELECT station_id, observed_at, temperature_c FROM OBSERVATIONS", engine)
assert len(hours) == int(os.environ["EXPECTED_HOURS"]), len(hours)
daily = (
    hours.assign(day=hours["observed_at"].dt.normalize())
    .groupby(["station_id", "day"], as_index=False)["temperature_c"]
    .mean()
)
daily.to_sql("client_daily", engine, if_exists="replace", index=False)
daily.to_sql("client_daily", engine, if_exists="append", index=False)
back = pd.read_sql("SELECT * FROM client_daily ORDER BY station_id, day", engine)
assert len(back) == 2 * len(daily), (len(back), len(daily))
pd.testing.assert_series_equal(
    back["temperature_c"].iloc[::2].reset_index(drop=True), daily["temperature_c"], rtol=1e-9
)
assert "client_daily" in inspect(engine).get_table_names()
engine.dispose()
