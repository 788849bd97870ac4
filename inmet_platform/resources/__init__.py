"""Dagster's resources: one each for S3, the event queue, Snowflake, MLflow and the result files.

A resource only connects: it reads the settings and opens a client. What is done with the client
belongs in the room of its noun (`storage`, `warehouse`, `model_registry`, `results`).
"""
