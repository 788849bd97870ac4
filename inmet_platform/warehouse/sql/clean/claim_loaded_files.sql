-- The batch: a file that Snowpipe loads from now on waits for the next MERGE.
UPDATE RAW.FILES
SET claimed_by = %(run_id)s
WHERE state = 'loaded';
