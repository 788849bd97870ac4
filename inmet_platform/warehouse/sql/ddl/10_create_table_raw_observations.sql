-- What INMET published, every edition, append-only; filled by Snowpipe alone.
-- observed_at is UTC and marks the end of the hour. reading_id: which bytes, read by which reader.
-- loaded_at is an instant: a pipe runs in the account's zone, which nothing here sets.
CREATE TABLE IF NOT EXISTS RAW.OBSERVATIONS (
    station_id VARCHAR NOT NULL,
    observed_at TIMESTAMP_NTZ NOT NULL,
    precipitation_mm FLOAT,
    pressure_hpa FLOAT,
    pressure_max_hpa FLOAT,
    pressure_min_hpa FLOAT,
    radiation_kj_m2 FLOAT,
    temperature_c FLOAT,
    dew_point_c FLOAT,
    temperature_max_c FLOAT,
    temperature_min_c FLOAT,
    dew_point_max_c FLOAT,
    dew_point_min_c FLOAT,
    humidity_max_pct FLOAT,
    humidity_min_pct FLOAT,
    humidity_pct FLOAT,
    wind_direction_deg FLOAT,
    wind_gust_ms FLOAT,
    wind_speed_ms FLOAT,
    line_number NUMBER(10, 0),
    source_key VARCHAR,
    source_member VARCHAR,
    reading_id VARCHAR,
    edition_at TIMESTAMP_NTZ,
    landing_key VARCHAR,
    loaded_at TIMESTAMP_LTZ
);
