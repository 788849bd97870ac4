-- The Parquet files a raw object became: what snowflake_raw waits for.
CREATE TABLE IF NOT EXISTS RAW.LANDING_FILES (
    raw_key VARCHAR NOT NULL,
    landing_key VARCHAR NOT NULL,
    table_name VARCHAR NOT NULL,
    row_count NUMBER(20, 0) NOT NULL,
    size_bytes NUMBER(20, 0) NOT NULL,
    landed_at TIMESTAMP_NTZ NOT NULL
);
