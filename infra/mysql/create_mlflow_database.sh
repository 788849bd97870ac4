#!/bin/sh
# Runs once, when the MySQL container makes its data folder. The image itself makes
# MYSQL_DATABASE, which is Dagster's; MLflow must have another: both keep a table alembic_version.
MYSQL_PWD=$MYSQL_ROOT_PASSWORD mysql --user=root <<SQL
CREATE DATABASE IF NOT EXISTS mlflow CHARACTER SET utf8mb4;
GRANT ALL ON mlflow.* TO '$MYSQL_USER'@'%';
SQL
