-- The readings that hold hours of a year, of every file that a MERGE has taken; each once.
CREATE OR REPLACE TEMPORARY TABLE BATCH AS
WITH readings AS (
    SELECT
        headers.station_id,
        headers.observations_key,
        headers.reading_id,
        headers.edition,
        headers.edition_at,
        headers.first_hour,
        headers.last_hour,
        headers.latitude_deg,
        headers.longitude_deg,
        COALESCE(headers.variables, ${all_variables}) AS variables,
        headers.repeated_hour_count
    FROM RAW.STATION_HEADERS AS headers
    INNER JOIN RAW.FILES AS files
        ON headers.source_key = files.raw_key
    WHERE
        (files.state = 'clean' OR files.has_earlier_content)
        AND COALESCE(headers.variables, ${all_variables}) > 0
        AND headers.first_hour < %(until_hour)s::TIMESTAMP_NTZ
        AND headers.last_hour >= %(from_hour)s::TIMESTAMP_NTZ
)

SELECT
    station_id,
    observations_key,
    reading_id,
    edition,
    edition_at,
    first_hour,
    last_hour,
    variables,
    ${batch_may_repeat} AS may_repeat,
    ${qc_sun_of_station}
FROM readings
QUALIFY ROW_NUMBER() OVER (PARTITION BY observations_key, reading_id ORDER BY edition DESC) = 1;
