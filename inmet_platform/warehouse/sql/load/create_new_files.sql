-- Of this session alone: some thousand keys are written here, then merged at once.
CREATE OR REPLACE TEMPORARY TABLE NEW_FILES (
    raw_key VARCHAR,
    file_name VARCHAR,
    size_bytes NUMBER(20, 0),
    received_at TIMESTAMP_NTZ,
    etag VARCHAR
);
