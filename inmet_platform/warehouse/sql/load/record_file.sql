-- Only while the claim is this run's: who lost it must not write over its successor.
UPDATE RAW.FILES
SET
    state = %(state)s,
    upload_id = COALESCE(%(upload_id)s, upload_id),
    sha256 = COALESCE(%(sha256)s, sha256),
    file_format = %(file_format)s,
    station_count = %(station_count)s,
    member_count = %(member_count)s,
    rejected_member_count = %(rejected_member_count)s,
    row_count = %(row_count)s,
    observation_count = %(observation_count)s,
    first_hour = %(first_hour)s,
    last_hour = %(last_hour)s,
    edition_at = %(edition_at)s,
    error = %(error)s,
    claimed_by = NULL,
    claimed_until = NULL,
    updated_at = %(now)s
WHERE raw_key = %(raw_key)s AND claimed_by = %(run_id)s;
