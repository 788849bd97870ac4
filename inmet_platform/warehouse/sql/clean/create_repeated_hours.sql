-- The hours that the batch holds more than once: few, so only they are ranked.
CREATE OR REPLACE TEMPORARY TABLE REPEATED_HOURS AS
SELECT
    observations.station_id,
    observations.observed_at
FROM RAW.OBSERVATIONS AS observations
INNER JOIN BATCH AS batch
    ON
        observations.landing_key = batch.observations_key
        AND observations.reading_id = batch.reading_id
GROUP BY observations.station_id, observations.observed_at
HAVING COUNT(*) > 1;
