-- Members whose rows are in RAW, by their bytes; of several sightings any says the same.
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
    reading_id
FROM RAW.STATION_HEADERS
WHERE
    station_source = 'file'
    AND STARTSWITH(reading_id, %(reader_version)s)
    AND source_key IN (
        SELECT files.raw_key
        FROM RAW.FILES AS files
        WHERE files.state IN ('loaded', 'clean')
    )
QUALIFY ROW_NUMBER() OVER (PARTITION BY member_sha256 ORDER BY edition) = 1;
