-- The ledger: one row a raw object, with its state on the way to CLEAN.
-- received -> landed -> loaded -> clean; rejected and duplicate end the way. An object that was put
-- again under its key has another etag, and begins anew; has_earlier_content says that what it held
-- before is in RAW.
CREATE TABLE IF NOT EXISTS RAW.FILES (
    raw_key VARCHAR NOT NULL,
    file_name VARCHAR NOT NULL,
    size_bytes NUMBER(20, 0),
    received_at TIMESTAMP_NTZ NOT NULL,
    state VARCHAR NOT NULL,
    upload_id VARCHAR,
    sha256 VARCHAR,
    file_format VARCHAR,
    station_count NUMBER(10, 0),
    member_count NUMBER(10, 0),
    rejected_member_count NUMBER(10, 0),
    row_count NUMBER(20, 0),
    observation_count NUMBER(20, 0),
    first_hour TIMESTAMP_NTZ,
    last_hour TIMESTAMP_NTZ,
    edition_at TIMESTAMP_NTZ,
    etag VARCHAR,
    has_earlier_content BOOLEAN,
    error VARCHAR,
    updated_at TIMESTAMP_NTZ NOT NULL
);
