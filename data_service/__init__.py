"""Serves what dashboards draw, read-only, from the exported clean Parquet.

Knows the files of `data/processed/inmet_clean/` and nothing of S3, Snowflake or Dagster.
"""
