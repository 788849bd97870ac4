UPDATE RAW.FILES
SET
    state = %(state)s,
    upload_id = %(upload_id)s,
    sha256 = %(sha256)s,
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
WHERE raw_key = %(raw_key)s;
