-- What the champion said of the hour after each station's newest; forecasts stay, to be scored.
CREATE TABLE IF NOT EXISTS ${clean_schema}.RAIN_FORECAST (
    station_id VARCHAR NOT NULL,
    observed_at TIMESTAMP_NTZ NOT NULL,
    valid_at TIMESTAMP_NTZ NOT NULL,
    probability_over_0_mm FLOAT NOT NULL,
    probability_over_5_mm FLOAT NOT NULL,
    probability_over_25_mm FLOAT NOT NULL,
    says_rain BOOLEAN NOT NULL,
    model_version VARCHAR NOT NULL,
    made_at TIMESTAMP_NTZ NOT NULL
);
