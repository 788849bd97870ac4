-- The files of this MERGE: what Snowpipe loads from now on waits for the next.
CREATE OR REPLACE TEMPORARY TABLE BATCH_FILES AS
SELECT
    raw_key,
    upload_id
FROM RAW.FILES
WHERE state = 'loaded';
