-- The metadata block of every file: what INMET said of a station in that edition.
CREATE TABLE IF NOT EXISTS RAW.STATION_HEADERS (
    station_id VARCHAR NOT NULL,
    station_name VARCHAR,
    region VARCHAR,
    uf VARCHAR,
    latitude_deg FLOAT,
    longitude_deg FLOAT,
    altitude_m FLOAT,
    founded_on DATE,
    source_key VARCHAR,
    source_member VARCHAR,
    source_hash VARCHAR,
    edition_at TIMESTAMP_NTZ,
    landing_key VARCHAR,
    loaded_at TIMESTAMP_NTZ
);
