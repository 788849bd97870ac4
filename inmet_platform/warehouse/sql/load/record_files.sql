-- Only while the lease is this run's: who lost it must not write over its successor.
UPDATE RAW.FILES AS files
SET
    state = taken.state,
    upload_id = COALESCE(taken.upload_id, files.upload_id),
    sha256 = COALESCE(taken.sha256, files.sha256),
    file_format = taken.file_format,
    station_count = taken.station_count,
    member_count = taken.member_count,
    rejected_member_count = taken.rejected_member_count,
    row_count = taken.row_count,
    observation_count = taken.observation_count,
    first_hour = taken.first_hour,
    last_hour = taken.last_hour,
    edition_at = taken.edition_at,
    error = taken.error,
    updated_at = %(now)s
FROM TAKEN_FILES AS taken
WHERE
    files.raw_key = taken.raw_key
    AND %(holder)s IN (
        SELECT leases.holder FROM RAW.LEASES AS leases WHERE leases.lease_name = 'intake'
    );
