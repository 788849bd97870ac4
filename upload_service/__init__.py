"""Receives files of INMET by HTTP and stores them in S3.

Knows S3 and the readers, and nothing of Snowflake or Dagster.
"""
