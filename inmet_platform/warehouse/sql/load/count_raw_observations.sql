SELECT
    COUNT(*) AS row_count,
    COUNT(DISTINCT station_id) AS station_count,
    MAX(loaded_at) AS last_loaded_at
FROM RAW.OBSERVATIONS;
