SELECT
    MIN(from_hour) AS from_hour,
    MAX(until_hour) AS until_hour
FROM TOUCHED_STATIONS;
