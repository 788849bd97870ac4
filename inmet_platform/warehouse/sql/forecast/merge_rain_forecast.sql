-- One row a station, hour and model: making the same forecast again changes nothing but its time.
MERGE INTO ${clean_schema}.RAIN_FORECAST AS target
USING NEW_FORECASTS AS source
    ON
        target.station_id = source.station_id
        AND target.valid_at = source.valid_at
        AND target.model_version = source.model_version
WHEN MATCHED THEN
    UPDATE SET
        target.observed_at = source.observed_at,
        target.probability_over_0_mm = source.probability_over_0_mm,
        target.probability_over_5_mm = source.probability_over_5_mm,
        target.probability_over_25_mm = source.probability_over_25_mm,
        target.says_rain = source.says_rain,
        target.made_at = source.made_at
WHEN NOT MATCHED THEN INSERT (
    station_id,
    observed_at,
    valid_at,
    probability_over_0_mm,
    probability_over_5_mm,
    probability_over_25_mm,
    says_rain,
    model_version,
    made_at
) VALUES (
    source.station_id,
    source.observed_at,
    source.valid_at,
    source.probability_over_0_mm,
    source.probability_over_5_mm,
    source.probability_over_25_mm,
    source.says_rain,
    source.model_version,
    source.made_at
);
