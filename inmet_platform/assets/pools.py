"""Pools of Dagster: a step that finds its pool taken waits for the other run, and says so.

`concurrency.pools` in `dagster.yaml` gives each pool one slot. What two runs do at once is safe
without it (leases, the lock of the export); the pool only spares the work of the loser.
"""

# Whatever writes CLEAN.
MERGES = "clean_merges"
# Whatever writes data/processed.
EXPORTS = "clean_exports"
