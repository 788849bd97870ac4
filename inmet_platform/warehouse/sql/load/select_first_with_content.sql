SELECT raw_key
FROM RAW.FILES
WHERE
    upload_id IN (%(sha256)s, %(upload_id)s)
    AND raw_key <> %(raw_key)s
    AND state IN ('landed', 'loaded', 'clean')
ORDER BY raw_key
LIMIT 1;
