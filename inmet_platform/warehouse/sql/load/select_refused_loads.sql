-- Files that Snowpipe refused and that nothing has replaced since: reading a raw object again gives
-- it other landing files.
WITH history AS (
    SELECT
        file_name,
        status,
        first_error_message
    FROM TABLE(
        INFORMATION_SCHEMA.COPY_HISTORY(
            TABLE_NAME => %(table_name)s, START_TIME => %(start_time)s::TIMESTAMP_LTZ
        )
    )
)

SELECT
    landing.landing_key,
    landing.raw_key,
    history.status,
    history.first_error_message
FROM history
INNER JOIN RAW.LANDING_FILES AS landing
    ON ENDSWITH(landing.landing_key, history.file_name)
WHERE history.status IN ('Load failed', 'Partially loaded')
ORDER BY landing.landing_key
LIMIT 20;
