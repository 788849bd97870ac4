SELECT
    MIN(first_hour) AS from_hour,
    MAX(last_hour) AS until_hour
FROM BATCH;
