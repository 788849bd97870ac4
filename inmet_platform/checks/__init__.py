"""Asset checks: what is wrong, with the offenders and the threshold in the metadata."""
