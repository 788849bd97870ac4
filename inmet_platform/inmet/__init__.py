"""What INMET publishes and what it means, as pure functions: files, units, stations, quality rules.

Nothing here knows Dagster, the network, the warehouse or the environment; the rooms above do.
"""
