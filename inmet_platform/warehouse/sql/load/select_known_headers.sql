-- Members whose rows are in RAW, by their bytes: one row for each station of a member. Of several
-- sightings any says the same.
SELECT
    station_id,
    station_name,
    region,
    uf,
    latitude_deg,
    longitude_deg,
    altitude_m,
    founded_on,
    station_source,
    file_format,
    first_hour,
    last_hour,
    row_count,
    observation_count,
    member_sha256,
    member_size_bytes,
    observations_key,
    variables,
    repeated_hour_count,
    reading_id
FROM RAW.STATION_HEADERS
WHERE
    station_source = 'file'
    AND STARTSWITH(reading_id, %(reader_version)s)
    AND source_key IN (
        SELECT files.raw_key
        FROM RAW.FILES AS files
        -- The earlier content of an object that was put again is in RAW, whatever its state.
        WHERE files.state IN ('loaded', 'clean') OR files.has_earlier_content
    )
QUALIFY ROW_NUMBER() OVER (PARTITION BY reading_id ORDER BY edition) = 1
ORDER BY member_sha256, first_hour, reading_id;
