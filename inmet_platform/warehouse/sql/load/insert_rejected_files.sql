INSERT INTO RAW.REJECTED_FILES (
    raw_key, source_member, line_number, expected, found, message, rejected_at
)
SELECT
    raw_key,
    source_member,
    line_number,
    expected,
    found,
    message,
    %(now)s::TIMESTAMP_NTZ AS rejected_at
FROM TAKEN_REFUSALS
WHERE
    %(holder)s IN (
        SELECT leases.holder
        FROM RAW.LEASES AS leases
        WHERE leases.lease_name = 'intake'
    );
