-- Registering a key twice changes nothing: events repeat. An object that was put again under its
-- key with another content has another ETag, and is received again.
MERGE INTO RAW.FILES AS target
USING (
    SELECT
        raw_key,
        file_name,
        size_bytes,
        received_at,
        etag
    FROM NEW_FILES
    QUALIFY ROW_NUMBER() OVER (PARTITION BY raw_key ORDER BY received_at DESC) = 1
) AS source
    ON target.raw_key = source.raw_key
WHEN MATCHED AND target.etag <> source.etag AND source.received_at >= target.received_at THEN
    UPDATE SET
        target.has_earlier_content = COALESCE(target.has_earlier_content, FALSE)
        OR target.state IN ('loaded', 'clean'),
        target.state = 'received',
        target.size_bytes = source.size_bytes,
        target.received_at = source.received_at,
        target.etag = source.etag,
        target.error = NULL,
        target.updated_at = source.received_at
-- A row that an earlier version wrote learns its ETag.
WHEN MATCHED AND target.etag IS NULL AND target.received_at = source.received_at THEN
    UPDATE SET target.etag = source.etag
WHEN NOT MATCHED THEN INSERT (
    raw_key, file_name, size_bytes, received_at, etag, has_earlier_content, state, updated_at
) VALUES (
    source.raw_key,
    source.file_name,
    source.size_bytes,
    source.received_at,
    source.etag,
    FALSE,
    'received',
    source.received_at
);
