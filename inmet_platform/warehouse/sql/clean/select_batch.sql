SELECT
    raw_key,
    upload_id
FROM RAW.FILES
WHERE state = 'loaded' AND claimed_by = %(run_id)s
ORDER BY raw_key;
