-- Of this session alone: what became of some hundred raw objects, to be recorded at once.
CREATE OR REPLACE TEMPORARY TABLE TAKEN_FILES (
    raw_key VARCHAR,
    etag VARCHAR,
    state VARCHAR,
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
    error VARCHAR
);
