-- The stations of the batch, and from when and before when their series are judged anew: the years
-- that it touches, the first 23 hours after, which look back into them, and the hour before, which
-- looks ahead for rain.
CREATE OR REPLACE TEMPORARY TABLE TOUCHED_STATIONS AS
SELECT
    station_id,
    DATEADD(HOUR, -1, DATE_TRUNC('YEAR', MIN(first_hour))) AS from_hour,
    DATEADD(HOUR, 23, DATEADD(YEAR, 1, DATE_TRUNC('YEAR', MAX(last_hour)))) AS until_hour
FROM BATCH
GROUP BY station_id;
