-- Unsorted: Snowflake's nodes write as they are done, and the export sorts what it fetches.
-- Quoted aliases: the columns keep their lower case.
COPY INTO %(target)s
FROM (
    SELECT
        station_id AS "station_id",
        observed_at AS "observed_at",
        ${export_columns}
    FROM ${clean_table}
    WHERE
        observed_at >= %(from_hour)s::TIMESTAMP_NTZ
        AND observed_at < %(until_hour)s::TIMESTAMP_NTZ
        AND (station_id <> 'Z999' OR %(is_synthetic)s)
)
FILE_FORMAT = (TYPE = PARQUET)
HEADER = TRUE
SINGLE = TRUE
OVERWRITE = TRUE
MAX_FILE_SIZE = 5368709120;
