-- Snowpipe never takes these keys again.
SELECT DISTINCT
    landing.landing_key,
    landing.table_name
FROM RAW.LANDING_FILES AS landing
INNER JOIN RAW.FILES AS files
    ON landing.raw_key = files.raw_key
WHERE files.state = 'rejected';
