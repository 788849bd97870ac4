INSERT INTO RAW.LANDING_FILES (
    raw_key, landing_key, table_name, row_count, size_bytes, landed_at
)
SELECT
    raw_key,
    landing_key,
    table_name,
    row_count,
    size_bytes,
    %(now)s::TIMESTAMP_NTZ AS landed_at
FROM TAKEN_LANDING_FILES
WHERE
    %(holder)s IN (
        SELECT leases.holder
        FROM RAW.LEASES AS leases
        WHERE leases.lease_name = 'intake'
    );
