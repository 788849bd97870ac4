-- Files of the batch that is about to be merged, whose rows in RAW are not those of the Parquet.
WITH landed AS (
    SELECT
        landing.landing_key,
        landing.row_count
    FROM RAW.LANDING_FILES AS landing
    INNER JOIN RAW.FILES AS files
        ON landing.raw_key = files.raw_key
    WHERE files.state = 'loaded' AND landing.table_name IN ('observations', 'published_values')
),

in_raw AS (
    SELECT
        landing_key,
        COUNT(*) AS row_count
    FROM RAW.OBSERVATIONS
    WHERE landing_key IN (SELECT landed.landing_key FROM landed)
    GROUP BY landing_key
    UNION ALL
    SELECT
        landing_key,
        COUNT(*) AS row_count
    FROM RAW.PUBLISHED_VALUES
    WHERE landing_key IN (SELECT landed.landing_key FROM landed)
    GROUP BY landing_key
)

SELECT
    landed.landing_key,
    landed.row_count AS landed_rows,
    COALESCE(in_raw.row_count, 0) AS raw_rows
FROM landed
LEFT JOIN in_raw
    ON landed.landing_key = in_raw.landing_key
WHERE COALESCE(in_raw.row_count, 0) <> landed.row_count
ORDER BY landed.landing_key
LIMIT 20;
