SELECT
    raw_key,
    file_name,
    size_bytes,
    upload_id,
    sha256,
    received_at,
    etag,
    edition_at,
    COALESCE(has_earlier_content, FALSE) AS has_earlier_content
FROM RAW.FILES
WHERE state = 'received'
ORDER BY raw_key;
