-- Binds no time: while the ledger is unchanged Snowflake answers from its result cache, without
-- waking the warehouse.
SELECT
    landing.landing_key,
    landing.table_name,
    MIN(landing.landed_at) AS landed_at
FROM RAW.FILES AS files
INNER JOIN RAW.LANDING_FILES AS landing
    ON files.raw_key = landing.raw_key
WHERE files.state = 'landed'
GROUP BY landing.landing_key, landing.table_name
ORDER BY landing.landing_key;
