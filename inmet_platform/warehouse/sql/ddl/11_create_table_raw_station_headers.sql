-- One row a station of a file, of a member of a zip, or of a catalogue: what is said of it, which
-- hours the file covers, and which landing file holds them (another's, when the same bytes were
-- landed before). edition sorts: the newer, the newer reader, the greater content. variables has a
-- bit for each of the 17 that the file has a column of: of the others it says nothing. 0: it holds
-- no hours, but INMET's own values of days or months, or a catalogue. repeated_hour_count is how
-- many rows say an hour again.
-- loaded_at is an instant: a pipe runs in the account's zone, which nothing here sets.
CREATE TABLE IF NOT EXISTS RAW.STATION_HEADERS (
    station_id VARCHAR NOT NULL,
    station_name VARCHAR,
    region VARCHAR,
    uf VARCHAR,
    latitude_deg FLOAT,
    longitude_deg FLOAT,
    altitude_m FLOAT,
    founded_on DATE,
    station_source VARCHAR,
    file_format VARCHAR,
    first_hour TIMESTAMP_NTZ,
    last_hour TIMESTAMP_NTZ,
    row_count NUMBER(20, 0),
    observation_count NUMBER(20, 0),
    member_sha256 VARCHAR,
    member_size_bytes NUMBER(20, 0),
    observations_key VARCHAR,
    edition BIGINT,
    variables BIGINT,
    repeated_hour_count NUMBER(20, 0),
    source_key VARCHAR,
    source_member VARCHAR,
    reading_id VARCHAR,
    edition_at TIMESTAMP_NTZ,
    landing_key VARCHAR,
    loaded_at TIMESTAMP_LTZ
);
