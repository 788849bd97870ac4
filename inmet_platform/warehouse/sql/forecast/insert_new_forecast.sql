INSERT INTO NEW_FORECASTS (
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
    %(station_id)s,
    %(observed_at)s,
    %(valid_at)s,
    %(probability_over_0_mm)s,
    %(probability_over_5_mm)s,
    %(probability_over_25_mm)s,
    %(says_rain)s,
    %(model_version)s,
    %(made_at)s
);
