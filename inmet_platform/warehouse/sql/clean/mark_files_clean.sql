-- Only while the lease is this run's: else its MERGE has taken nothing.
UPDATE RAW.FILES
SET state = 'clean', updated_at = %(now)s
WHERE
    state = 'loaded'
    AND raw_key IN (SELECT batch.raw_key FROM BATCH_FILES AS batch)
    AND %(holder)s IN (
        SELECT leases.holder
        FROM RAW.LEASES AS leases
        WHERE leases.lease_name = 'clean'
    );
