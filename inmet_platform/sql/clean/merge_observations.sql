-- The batch is every file that this run has claimed. Taking it twice changes nothing.
-- An hour without observation is no row. Of several sources for an hour the newest edition
-- wins, then the landing key, then the last line, so that the order of loading does not matter.
MERGE INTO ${clean_table} AS target
USING (
    SELECT
        observations.station_id,
        observations.observed_at,
        observations.precipitation_mm,
        observations.pressure_hpa,
        observations.pressure_max_hpa,
        observations.pressure_min_hpa,
        observations.radiation_kj_m2,
        observations.temperature_c,
        observations.dew_point_c,
        observations.temperature_max_c,
        observations.temperature_min_c,
        observations.dew_point_max_c,
        observations.dew_point_min_c,
        observations.humidity_max_pct,
        observations.humidity_min_pct,
        observations.humidity_pct,
        observations.wind_direction_deg,
        observations.wind_gust_ms,
        observations.wind_speed_ms,
        observations.edition_at,
        observations.landing_key
    FROM RAW.OBSERVATIONS AS observations
    INNER JOIN RAW.LANDING_FILES AS landing
        ON observations.landing_key = landing.landing_key
    INNER JOIN RAW.FILES AS files
        ON landing.raw_key = files.raw_key
    WHERE
        files.state = 'loaded'
        AND files.claimed_by = %(run_id)s
        AND COALESCE(
            observations.precipitation_mm,
            observations.pressure_hpa,
            observations.pressure_max_hpa,
            observations.pressure_min_hpa,
            observations.radiation_kj_m2,
            observations.temperature_c,
            observations.dew_point_c,
            observations.temperature_max_c,
            observations.temperature_min_c,
            observations.dew_point_max_c,
            observations.dew_point_min_c,
            observations.humidity_max_pct,
            observations.humidity_min_pct,
            observations.humidity_pct,
            observations.wind_direction_deg,
            observations.wind_gust_ms,
            observations.wind_speed_ms
        ) IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY observations.station_id, observations.observed_at
        ORDER BY
            observations.edition_at DESC,
            observations.landing_key DESC,
            observations.line_number DESC
    ) = 1
) AS source
    ON
        target.station_id = source.station_id
        AND target.observed_at = source.observed_at
WHEN MATCHED AND (
    source.edition_at > target.edition_at
    OR (source.edition_at = target.edition_at AND source.landing_key > target.landing_key)
) THEN
    UPDATE SET
        target.precipitation_mm = source.precipitation_mm,
        target.pressure_hpa = source.pressure_hpa,
        target.pressure_max_hpa = source.pressure_max_hpa,
        target.pressure_min_hpa = source.pressure_min_hpa,
        target.radiation_kj_m2 = source.radiation_kj_m2,
        target.temperature_c = source.temperature_c,
        target.dew_point_c = source.dew_point_c,
        target.temperature_max_c = source.temperature_max_c,
        target.temperature_min_c = source.temperature_min_c,
        target.dew_point_max_c = source.dew_point_max_c,
        target.dew_point_min_c = source.dew_point_min_c,
        target.humidity_max_pct = source.humidity_max_pct,
        target.humidity_min_pct = source.humidity_min_pct,
        target.humidity_pct = source.humidity_pct,
        target.wind_direction_deg = source.wind_direction_deg,
        target.wind_gust_ms = source.wind_gust_ms,
        target.wind_speed_ms = source.wind_speed_ms,
        target.edition_at = source.edition_at,
        target.landing_key = source.landing_key
WHEN NOT MATCHED THEN INSERT (
    station_id,
    observed_at,
    precipitation_mm,
    pressure_hpa,
    pressure_max_hpa,
    pressure_min_hpa,
    radiation_kj_m2,
    temperature_c,
    dew_point_c,
    temperature_max_c,
    temperature_min_c,
    dew_point_max_c,
    dew_point_min_c,
    humidity_max_pct,
    humidity_min_pct,
    humidity_pct,
    wind_direction_deg,
    wind_gust_ms,
    wind_speed_ms,
    edition_at,
    landing_key
) VALUES (
    source.station_id,
    source.observed_at,
    source.precipitation_mm,
    source.pressure_hpa,
    source.pressure_max_hpa,
    source.pressure_min_hpa,
    source.radiation_kj_m2,
    source.temperature_c,
    source.dew_point_c,
    source.temperature_max_c,
    source.temperature_min_c,
    source.dew_point_max_c,
    source.dew_point_min_c,
    source.humidity_max_pct,
    source.humidity_min_pct,
    source.humidity_pct,
    source.wind_direction_deg,
    source.wind_gust_ms,
    source.wind_speed_ms,
    source.edition_at,
    source.landing_key
);
