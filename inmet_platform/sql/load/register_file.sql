-- Registering a key twice changes nothing: events repeat.
MERGE INTO RAW.FILES AS target
USING (
    SELECT
        %(raw_key)s AS raw_key,
        %(file_name)s AS file_name,
        %(size_bytes)s AS size_bytes,
        %(received_at)s::TIMESTAMP_NTZ AS received_at,
        %(now)s::TIMESTAMP_NTZ AS updated_at
) AS source
    ON target.raw_key = source.raw_key
WHEN NOT MATCHED THEN INSERT (
    raw_key, file_name, size_bytes, received_at, state, updated_at
) VALUES (
    source.raw_key, source.file_name, source.size_bytes, source.received_at, 'received',
    source.updated_at
);
