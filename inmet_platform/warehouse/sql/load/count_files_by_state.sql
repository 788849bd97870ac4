SELECT
    state,
    COUNT(*) AS file_count,
    MIN(received_at) AS oldest_received_at,
    SUM(row_count) AS row_count,
    SUM(observation_count) AS observation_count
FROM RAW.FILES
GROUP BY state
ORDER BY state;
