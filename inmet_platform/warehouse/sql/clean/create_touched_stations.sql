-- The stations of the batch and the years whose series are judged anew: those it touches, the next,
-- whose first hours look back into them, and the last hour before, which looks ahead for rain.
CREATE OR REPLACE TEMPORARY TABLE TOUCHED_STATIONS AS
SELECT
    station_id,
    DATEADD(HOUR, -1, DATE_TRUNC('YEAR', MIN(first_hour))) AS from_hour,
    DATEADD(YEAR, 2, DATE_TRUNC('YEAR', MAX(last_hour))) AS until_hour
FROM BATCH
GROUP BY station_id;
