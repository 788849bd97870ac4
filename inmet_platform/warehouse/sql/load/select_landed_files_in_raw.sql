-- Landing files of files that still wait for Snowpipe, all of whose rows are in RAW already.
WITH in_raw AS (
    SELECT
        landing_key,
        'observations' AS table_name,
        COUNT(*) AS row_count
    FROM RAW.OBSERVATIONS
    WHERE
        landing_key IN (
            SELECT landing.landing_key
            FROM RAW.LANDING_FILES AS landing
            INNER JOIN RAW.FILES AS files
                ON landing.raw_key = files.raw_key
            WHERE files.state = 'landed'
        )
    GROUP BY landing_key
    UNION ALL
    SELECT
        landing_key,
        'published_values' AS table_name,
        COUNT(*) AS row_count
    FROM RAW.PUBLISHED_VALUES
    WHERE
        landing_key IN (
            SELECT landing.landing_key
            FROM RAW.LANDING_FILES AS landing
            INNER JOIN RAW.FILES AS files
                ON landing.raw_key = files.raw_key
            WHERE files.state = 'landed'
        )
    GROUP BY landing_key
    UNION ALL
    SELECT
        landing_key,
        'station_headers' AS table_name,
        COUNT(*) AS row_count
    FROM RAW.STATION_HEADERS
    GROUP BY landing_key
)

SELECT
    landed.landing_key,
    landed.table_name
FROM (
    SELECT DISTINCT
        landing.landing_key,
        landing.table_name,
        landing.row_count
    FROM RAW.LANDING_FILES AS landing
    INNER JOIN RAW.FILES AS files
        ON landing.raw_key = files.raw_key
    WHERE files.state = 'landed'
) AS landed
INNER JOIN in_raw
    ON
        landed.landing_key = in_raw.landing_key
        AND landed.table_name = in_raw.table_name
        AND landed.row_count = in_raw.row_count;
