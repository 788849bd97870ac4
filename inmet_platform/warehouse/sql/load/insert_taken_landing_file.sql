INSERT INTO TAKEN_LANDING_FILES (
    raw_key, landing_key, table_name, row_count, size_bytes
) VALUES (
    %(raw_key)s, %(landing_key)s, %(table_name)s, %(row_count)s, %(size_bytes)s
);
