-- What an earlier reading, or a run that was killed, wrote of the files that are read now.
DELETE FROM RAW.REJECTED_FILES
WHERE
    raw_key IN (SELECT taken.raw_key FROM TAKEN_FILES AS taken)
    AND %(holder)s IN (
        SELECT leases.holder
        FROM RAW.LEASES AS leases
        WHERE leases.lease_name = 'intake'
    );
