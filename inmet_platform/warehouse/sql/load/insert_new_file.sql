INSERT INTO NEW_FILES (
    raw_key, file_name, size_bytes, received_at, etag
) VALUES (
    %(raw_key)s, %(file_name)s, %(size_bytes)s, %(received_at)s, %(etag)s
);
