SELECT
    raw_key,
    etag
FROM RAW.FILES;
