CREATE SCHEMA IF NOT EXISTS ${database}.${clean_schema};
