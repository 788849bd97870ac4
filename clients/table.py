"""All clients, in the order in which they are run."""

from __future__ import annotations

from clients.asking import Client, aws_sync, dbt_twice, mlflow_model, script, sdk, snow_sql

CLIENTS = (
    Client("snow", "snow", "snowflake-cli", "snow sql: a file of three statements", snow_sql),
    Client(
        "connector",
        "connector",
        "snowflake-connector-python",
        "fetch_pandas_all, batches, a bound value",
        script("connector_pandas.py"),
    ),
    Client(
        "connector5",
        "connector5",
        "snowflake-connector-python",
        "the same with the newest major version",
        script("connector_pandas.py"),
    ),
    Client(
        "write-pandas",
        "connector",
        "snowflake-connector-python",
        "write_pandas",
        script("connector_write_pandas.py"),
        not_imitated="COPY INTO a table from an internal stage",
        refused_with="invalid URL prefix found in: '@",
    ),
    Client(
        "sqlalchemy",
        "sqlalchemy",
        "snowflake-sqlalchemy",
        "pandas read_sql, to_sql twice, tables listed",
        script("sqlalchemy_pandas.py"),
    ),
    Client(
        "snowpark",
        "snowpark",
        "snowflake-snowpark-python",
        "filter, group, to_pandas, save_as_table",
        script("snowpark_session.py"),
    ),
    Client(
        "snowpark-create",
        "snowpark",
        "snowflake-snowpark-python",
        "create_dataframe",
        script("snowpark_create.py"),
        not_imitated="describing a statement with unbound values",
        refused_with="Values were not provided for the following parameters",
    ),
    Client(
        "sdk",
        "sdk",
        "snowflake-sdk",
        "Node: count, rows, a bound value",
        sdk,
    ),
    Client("dbt", "dbt", "dbt-snowflake", "source, view, table, incremental; twice", dbt_twice),
    Client("aws", "aws", "awscli", "s3 sync of twelve files, then the chain", aws_sync),
    Client(
        "mlflow",
        "mlflow",
        "mlflow",
        "load the champion, predict, models serve, POST",
        mlflow_model,
        needs_model=True,
    ),
)
