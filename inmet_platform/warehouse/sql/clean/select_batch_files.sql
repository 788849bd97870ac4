SELECT
    raw_key,
    upload_id
FROM BATCH_FILES
ORDER BY raw_key;
