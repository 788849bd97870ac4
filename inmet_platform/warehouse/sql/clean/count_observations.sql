SELECT
    COUNT(*) AS row_count,
    COUNT(DISTINCT station_id) AS station_count,
    MIN(observed_at) AS first_hour,
    MAX(observed_at) AS last_hour
FROM ${clean_table};
