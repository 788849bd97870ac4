-- The hours that the batch holds more than once: few, so only they are ranked, and only the
-- readings that may hold them are looked through. Those that a file with some of the variables
-- holds, too, are put together.
CREATE OR REPLACE TEMPORARY TABLE REPEATED_HOURS AS
SELECT
    observations.station_id,
    observations.observed_at,
    COUNT_IF(batch.variables <> ${all_variables}) > 0 AS is_mixed
FROM RAW.OBSERVATIONS AS observations
INNER JOIN BATCH AS batch
    ON
        observations.landing_key = batch.observations_key
        AND observations.reading_id = batch.reading_id
        AND observations.observed_at >= batch.first_hour
        AND observations.observed_at <= batch.last_hour
        AND batch.may_repeat
GROUP BY observations.station_id, observations.observed_at
HAVING COUNT(*) > 1;
