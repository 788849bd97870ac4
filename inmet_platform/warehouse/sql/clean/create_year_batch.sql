-- The readings that hold hours of a year, of every file that a MERGE has taken; each once.
CREATE OR REPLACE TEMPORARY TABLE BATCH AS
SELECT
    headers.station_id,
    headers.observations_key,
    headers.reading_id,
    headers.edition,
    headers.edition_at,
    headers.first_hour,
    headers.last_hour,
    ${qc_sun_of_station}
FROM RAW.STATION_HEADERS AS headers
INNER JOIN RAW.FILES AS files
    ON headers.source_key = files.raw_key
WHERE
    files.state = 'clean'
    AND headers.first_hour < %(until_hour)s::TIMESTAMP_NTZ
    AND headers.last_hour >= %(from_hour)s::TIMESTAMP_NTZ
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY headers.observations_key, headers.reading_id ORDER BY headers.edition DESC
) = 1;
