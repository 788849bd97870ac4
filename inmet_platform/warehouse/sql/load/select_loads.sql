-- Of all tables in one statement, for one round of questions.
SELECT
    'observations' AS table_name,
    file_name,
    status,
    first_error_message
FROM
    TABLE(
        INFORMATION_SCHEMA.COPY_HISTORY(
            TABLE_NAME => 'RAW.OBSERVATIONS', START_TIME => %(start_time)s::TIMESTAMP_LTZ
        )
    )
UNION ALL
SELECT
    'published_values' AS table_name,
    file_name,
    status,
    first_error_message
FROM
    TABLE(
        INFORMATION_SCHEMA.COPY_HISTORY(
            TABLE_NAME => 'RAW.PUBLISHED_VALUES', START_TIME => %(start_time)s::TIMESTAMP_LTZ
        )
    )
UNION ALL
SELECT
    'station_headers' AS table_name,
    file_name,
    status,
    first_error_message
FROM
    TABLE(
        INFORMATION_SCHEMA.COPY_HISTORY(
            TABLE_NAME => 'RAW.STATION_HEADERS', START_TIME => %(start_time)s::TIMESTAMP_LTZ
        )
    );
