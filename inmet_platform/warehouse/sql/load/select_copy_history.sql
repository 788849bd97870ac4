SELECT
    file_name,
    status,
    row_count,
    first_error_message
FROM TABLE(
    INFORMATION_SCHEMA.COPY_HISTORY(
        TABLE_NAME => %(table_name)s, START_TIME => %(start_time)s::TIMESTAMP_LTZ
    )
);
