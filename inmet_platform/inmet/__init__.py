"""What INMET publishes and what it means, as pure functions.

No Dagster, no network, no environment here.
"""
