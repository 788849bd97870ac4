-- Files of the batch that is about to be merged, whose rows in RAW are not those of the Parquet.
SELECT
    landing.landing_key,
    landing.row_count AS landed_rows,
    COUNT(observations.landing_key) AS raw_rows
FROM RAW.LANDING_FILES AS landing
INNER JOIN RAW.FILES AS files
    ON landing.raw_key = files.raw_key
LEFT JOIN RAW.OBSERVATIONS AS observations
    ON landing.landing_key = observations.landing_key
WHERE files.state = 'loaded' AND landing.table_name = 'observations'
GROUP BY landing.raw_key, landing.landing_key, landing.row_count
HAVING COUNT(observations.landing_key) <> landing.row_count
ORDER BY landing.landing_key
LIMIT 20;
