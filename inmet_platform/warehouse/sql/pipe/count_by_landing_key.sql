SELECT
    landing_key,
    COUNT(*) AS row_count
FROM RAW.${table}
WHERE landing_key IS NOT NULL
GROUP BY landing_key;
