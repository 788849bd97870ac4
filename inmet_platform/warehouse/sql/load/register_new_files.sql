-- Registering a key twice changes nothing: events repeat.
MERGE INTO RAW.FILES AS target
USING (
    SELECT
        raw_key,
        file_name,
        size_bytes,
        received_at
    FROM NEW_FILES
    QUALIFY ROW_NUMBER() OVER (PARTITION BY raw_key ORDER BY received_at) = 1
) AS source
    ON target.raw_key = source.raw_key
WHEN NOT MATCHED THEN INSERT (
    raw_key, file_name, size_bytes, received_at, state, updated_at
) VALUES (
    source.raw_key,
    source.file_name,
    source.size_bytes,
    source.received_at,
    'received',
    source.received_at
);
