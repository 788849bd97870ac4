SELECT
    station_id,
    COUNT(*) AS row_count
FROM ${clean_table}
GROUP BY station_id
ORDER BY station_id;
