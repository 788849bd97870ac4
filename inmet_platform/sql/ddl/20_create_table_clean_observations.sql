-- The newest edition of every hour that holds an observation; one row a station and hour.
CREATE TABLE IF NOT EXISTS ${clean_table} (
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
    edition_at TIMESTAMP_NTZ NOT NULL,
    landing_key VARCHAR NOT NULL
);
