SELECT
    raw_key,
    etag
FROM RAW.FILES
WHERE raw_key >= %(first_key)s;
