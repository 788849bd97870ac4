SELECT
    raw_key,
    file_name,
    size_bytes,
    upload_id,
    sha256,
    received_at
FROM RAW.FILES
WHERE claimed_by = %(run_id)s AND state = 'received'
ORDER BY raw_key;
