-- The readings of the files of the batch, and the newer ones of their hours that are in RAW
-- already: an older edition that comes late must not bring back what a newer one blanked.
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
        batch_files.raw_key IS NOT NULL AS is_of_batch
    FROM RAW.STATION_HEADERS AS headers
    INNER JOIN RAW.FILES AS files
        ON headers.source_key = files.raw_key
    LEFT JOIN BATCH_FILES AS batch_files
        ON files.raw_key = batch_files.raw_key
    WHERE files.state = 'clean' OR batch_files.raw_key IS NOT NULL
),

batch AS (
    SELECT readings.*
    FROM readings
    -- A reading of the batch finds itself, too.
    INNER JOIN readings AS arrived
        ON
            readings.station_id = arrived.station_id
            AND readings.edition >= arrived.edition
            AND readings.first_hour <= arrived.last_hour
            AND readings.last_hour >= arrived.first_hour
    WHERE arrived.is_of_batch
)

SELECT
    station_id,
    observations_key,
    reading_id,
    edition,
    edition_at,
    first_hour,
    last_hour,
    ${qc_sun_of_station}
FROM batch
QUALIFY ROW_NUMBER() OVER (PARTITION BY observations_key, reading_id ORDER BY edition DESC) = 1;
