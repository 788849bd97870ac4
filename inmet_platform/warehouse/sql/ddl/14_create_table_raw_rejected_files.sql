-- What no reader accepted: a whole file, or one member of a zip.
CREATE TABLE IF NOT EXISTS RAW.REJECTED_FILES (
    raw_key VARCHAR NOT NULL,
    source_member VARCHAR,
    line_number NUMBER(10, 0),
    expected VARCHAR,
    found VARCHAR,
    message VARCHAR NOT NULL,
    rejected_at TIMESTAMP_NTZ NOT NULL
);
