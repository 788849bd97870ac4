-- What went through before, with as many bytes as a file that waits.
SELECT
    upload_id,
    MIN(raw_key) AS raw_key
FROM RAW.FILES
WHERE
    state IN ('landed', 'loaded', 'clean')
    AND upload_id IS NOT NULL
    AND size_bytes IN (
        SELECT files.size_bytes
        FROM RAW.FILES AS files
        WHERE files.state = 'received'
    )
GROUP BY upload_id;
