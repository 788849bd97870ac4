-- The sun's declination, distance and time on the days of the batch, for the rules on radiation.
CREATE OR REPLACE TEMPORARY TABLE SUN_DAYS AS
SELECT
    day_of_year,
    ${qc_sun_of_day}
FROM (
    SELECT DISTINCT DAYOFYEAR(observations.observed_at) AS day_of_year
    FROM RAW.OBSERVATIONS AS observations
    INNER JOIN BATCH AS batch
        ON
            observations.landing_key = batch.observations_key
            AND observations.reading_id = batch.reading_id
            AND observations.observed_at >= batch.first_hour
            AND observations.observed_at <= batch.last_hour
) AS days;
