SELECT
    raw_key,
    file_name,
    size_bytes,
    upload_id,
    sha256,
    received_at
FROM RAW.FILES
WHERE state = 'received'
ORDER BY raw_key;
