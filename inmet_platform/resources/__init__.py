"""Dagster's view of S3, SQS, Snowflake, Snowpipe and MLflow: one resource each."""
