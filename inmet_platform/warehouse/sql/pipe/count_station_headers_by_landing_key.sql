SELECT
    landing_key,
    COUNT(*) AS row_count
FROM RAW.STATION_HEADERS
WHERE landing_key IS NOT NULL
GROUP BY landing_key;
