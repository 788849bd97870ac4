SELECT
    COUNT(*) AS row_count,
    COUNT(DISTINCT station_id) AS station_count,
    MAX(loaded_at)::TIMESTAMP_NTZ AS last_loaded_at
FROM RAW.OBSERVATIONS;
