-- What Dagster runs with.
CREATE ROLE IF NOT EXISTS ${database}_LOADER;
