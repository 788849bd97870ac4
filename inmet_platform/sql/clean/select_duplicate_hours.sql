SELECT
    station_id,
    observed_at,
    COUNT(*) AS row_count
FROM ${clean_table}
GROUP BY station_id, observed_at
HAVING COUNT(*) > 1
ORDER BY station_id, observed_at
LIMIT 20;
