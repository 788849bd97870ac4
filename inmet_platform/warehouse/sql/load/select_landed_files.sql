SELECT
    files.raw_key,
    files.file_name,
    files.upload_id,
    files.updated_at,
    landing.landing_key,
    landing.table_name,
    landing.row_count,
    landing.size_bytes,
    landing.landed_at
FROM RAW.FILES AS files
INNER JOIN RAW.LANDING_FILES AS landing
    ON files.raw_key = landing.raw_key
WHERE files.state = 'landed'
ORDER BY files.raw_key, landing.landing_key;
