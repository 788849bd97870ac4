-- Functions alone: Snowflake answers without waking the warehouse.
SELECT
    SYSTEM$PIPE_STATUS('RAW.OBSERVATIONS_PIPE') AS observations,
    SYSTEM$PIPE_STATUS('RAW.PUBLISHED_VALUES_PIPE') AS published_values,
    SYSTEM$PIPE_STATUS('RAW.STATION_HEADERS_PIPE') AS station_headers;
