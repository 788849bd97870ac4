-- Every lease has its row from the beginning, so that to take one is an UPDATE alone.
MERGE INTO RAW.LEASES AS target
USING (
    SELECT 'intake' AS lease_name
    UNION ALL
    SELECT 'clean' AS lease_name
) AS source
    ON target.lease_name = source.lease_name
WHEN NOT MATCHED THEN INSERT (lease_name) VALUES (source.lease_name);
