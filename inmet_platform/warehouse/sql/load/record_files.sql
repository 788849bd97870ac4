-- Only while the lease is this run's: who lost it must not write over its successor. A file that
-- was put again while it was read stays `received`.
MERGE INTO RAW.FILES AS target
USING (
    SELECT
        taken.raw_key,
        taken.etag,
        taken.state,
        taken.upload_id,
        taken.sha256,
        taken.file_format,
        taken.station_count,
        taken.member_count,
        taken.rejected_member_count,
        taken.row_count,
        taken.observation_count,
        taken.first_hour,
        taken.last_hour,
        taken.edition_at,
        taken.error
    FROM TAKEN_FILES AS taken
    WHERE
        %(holder)s IN (
            SELECT leases.holder
            FROM RAW.LEASES AS leases
            WHERE leases.lease_name = 'intake'
        )
) AS source
    ON target.raw_key = source.raw_key
WHEN MATCHED THEN
    UPDATE SET
        target.state = IFF(
            EQUAL_NULL(target.etag, source.etag), source.state, target.state
        ),
        target.upload_id = COALESCE(source.upload_id, target.upload_id),
        target.sha256 = COALESCE(source.sha256, target.sha256),
        target.file_format = source.file_format,
        target.station_count = source.station_count,
        target.member_count = source.member_count,
        target.rejected_member_count = source.rejected_member_count,
        target.row_count = source.row_count,
        target.observation_count = source.observation_count,
        target.first_hour = source.first_hour,
        target.last_hour = source.last_hour,
        target.edition_at = source.edition_at,
        target.error = source.error,
        target.updated_at = %(now)s;
