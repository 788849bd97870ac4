"""Pools of Dagster: a step that finds its pool taken waits for the other run, and says so.

`concurrency.pools` in `dagster.yaml` gives each pool one slot. What two runs do at once is safe
without it (leases, the lock of the export); the pool only spares the work of the loser. Dagster
counts the slots and takes one in two statements, so of two steps that ask at the same instant both
can get in (`sql_event_log.py`, `claim_concurrency_slot`, 1.13); then the leases do their work.
"""

# Whatever writes CLEAN.
MERGES = "clean_merges"
# Whatever writes data/processed.
EXPORTS = "clean_exports"
