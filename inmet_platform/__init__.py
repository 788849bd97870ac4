"""The Dagster code location of the INMET platform: see `docs/architecture.md` for its rooms."""
