-- The daily and monthly values that INMET publishes itself, every edition, append-only; filled by
-- Snowpipe alone. A row a value, also one that the file says is missing. A month has its last day.
-- loaded_at is an instant: a pipe runs in the account's zone, which nothing here sets.
CREATE TABLE IF NOT EXISTS RAW.PUBLISHED_VALUES (
    station_id VARCHAR NOT NULL,
    periodicity VARCHAR NOT NULL,
    day DATE NOT NULL,
    variable VARCHAR NOT NULL,
    value FLOAT,
    line_number NUMBER(10, 0),
    source_key VARCHAR,
    source_member VARCHAR,
    reading_id VARCHAR,
    edition_at TIMESTAMP_NTZ,
    landing_key VARCHAR,
    loaded_at TIMESTAMP_LTZ
);
