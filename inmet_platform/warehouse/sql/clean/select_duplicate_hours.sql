SELECT
    station_id,
    observed_at,
    COUNT(*) AS row_count
FROM ${clean_table}
WHERE
    observed_at >= %(from_hour)s::TIMESTAMP_NTZ
    AND observed_at < %(until_hour)s::TIMESTAMP_NTZ
GROUP BY station_id, observed_at
HAVING COUNT(*) > 1
ORDER BY station_id, observed_at
LIMIT 20;
