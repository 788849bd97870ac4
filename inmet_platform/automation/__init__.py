"""What starts runs in Dagster: jobs, sensors, the schedule, and the instance they are kept in.

Here belongs when something runs; what it does is in `assets` and the rooms behind them.
"""
