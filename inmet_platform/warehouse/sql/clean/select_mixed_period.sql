SELECT
    MIN(observed_at) AS from_hour,
    MAX(observed_at) AS until_hour
FROM MIXED_HOURS;
