-- Of the hours that should be there, how many hold a value: by station, month and variable.
-- A station's hours are those from its first row in RAW to its last, padded ones included;
-- a month between, of which no file is there, has none present.
-- A label is the hour's end: the one of 00 UTC of the 1st belongs to the month before.
-- Radiation is null at night, so only 12 to 20 UTC count, which is day in all of Brazil, all year.
CREATE OR REPLACE VIEW ${clean_schema}.COMPLETENESS COPY GRANTS AS
WITH periods AS (
    SELECT
        station_id,
        DATEADD('HOUR', -1, MIN(observed_at)) AS began_at,
        MAX(observed_at) AS ended_at
    FROM RAW.OBSERVATIONS
    GROUP BY station_id
),

months AS (
    SELECT
        periods.station_id,
        periods.began_at,
        periods.ended_at,
        DATEADD(
            'MONTH', numbers.value::INTEGER, DATE_TRUNC('MONTH', periods.began_at)
        )::DATE AS month
    FROM periods,
        LATERAL FLATTEN(
            INPUT => ARRAY_GENERATE_RANGE(
                0, DATEDIFF('MONTH', periods.began_at, periods.ended_at) + 1
            )
        ) AS numbers
),

station_months AS (
    SELECT
        station_id,
        month,
        GREATEST(began_at, month::TIMESTAMP_NTZ) AS began_at,
        LEAST(ended_at, DATEADD('MONTH', 1, month)::TIMESTAMP_NTZ) AS ended_at
    FROM months
    WHERE ended_at > month
),

counts AS (
    SELECT
        station_id,
        DATE_TRUNC('MONTH', DATEADD('HOUR', -1, observed_at))::DATE AS month,
        COUNT(precipitation_mm) AS precipitation_mm,
        COUNT(pressure_hpa) AS pressure_hpa,
        COUNT(pressure_max_hpa) AS pressure_max_hpa,
        COUNT(pressure_min_hpa) AS pressure_min_hpa,
        COUNT(CASE WHEN HOUR(observed_at) BETWEEN 12 AND 20 THEN radiation_kj_m2 END)
            AS radiation_kj_m2,
        COUNT(temperature_c) AS temperature_c,
        COUNT(dew_point_c) AS dew_point_c,
        COUNT(temperature_max_c) AS temperature_max_c,
        COUNT(temperature_min_c) AS temperature_min_c,
        COUNT(dew_point_max_c) AS dew_point_max_c,
        COUNT(dew_point_min_c) AS dew_point_min_c,
        COUNT(humidity_max_pct) AS humidity_max_pct,
        COUNT(humidity_min_pct) AS humidity_min_pct,
        COUNT(humidity_pct) AS humidity_pct,
        COUNT(wind_direction_deg) AS wind_direction_deg,
        COUNT(wind_gust_ms) AS wind_gust_ms,
        COUNT(wind_speed_ms) AS wind_speed_ms
    FROM ${clean_table}
    GROUP BY station_id, DATE_TRUNC('MONTH', DATEADD('HOUR', -1, observed_at))::DATE
),

filled AS (
    SELECT
        station_months.station_id,
        station_months.month,
        DATEDIFF('HOUR', station_months.began_at, station_months.ended_at) AS hours,
        9 * DATEDIFF('DAY', station_months.began_at, station_months.ended_at)
        + LEAST(GREATEST(HOUR(station_months.ended_at) - 11, 0), 9)
        - LEAST(GREATEST(HOUR(station_months.began_at) - 11, 0), 9) AS daylight_hours,
        COALESCE(counts.precipitation_mm, 0) AS precipitation_mm,
        COALESCE(counts.pressure_hpa, 0) AS pressure_hpa,
        COALESCE(counts.pressure_max_hpa, 0) AS pressure_max_hpa,
        COALESCE(counts.pressure_min_hpa, 0) AS pressure_min_hpa,
        COALESCE(counts.radiation_kj_m2, 0) AS radiation_kj_m2,
        COALESCE(counts.temperature_c, 0) AS temperature_c,
        COALESCE(counts.dew_point_c, 0) AS dew_point_c,
        COALESCE(counts.temperature_max_c, 0) AS temperature_max_c,
        COALESCE(counts.temperature_min_c, 0) AS temperature_min_c,
        COALESCE(counts.dew_point_max_c, 0) AS dew_point_max_c,
        COALESCE(counts.dew_point_min_c, 0) AS dew_point_min_c,
        COALESCE(counts.humidity_max_pct, 0) AS humidity_max_pct,
        COALESCE(counts.humidity_min_pct, 0) AS humidity_min_pct,
        COALESCE(counts.humidity_pct, 0) AS humidity_pct,
        COALESCE(counts.wind_direction_deg, 0) AS wind_direction_deg,
        COALESCE(counts.wind_gust_ms, 0) AS wind_gust_ms,
        COALESCE(counts.wind_speed_ms, 0) AS wind_speed_ms
    FROM station_months
    LEFT JOIN counts
        ON station_months.station_id = counts.station_id AND station_months.month = counts.month
),

unpivoted AS (
    SELECT
        station_id,
        month,
        hours_present,
        LOWER(variable) AS variable,
        IFF(LOWER(variable) = 'radiation_kj_m2', daylight_hours, hours) AS hours_expected
    FROM filled UNPIVOT (hours_present FOR variable IN (
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
        wind_speed_ms
    ))
)

SELECT
    station_id,
    month,
    variable,
    hours_expected,
    hours_present,
    ROUND(100 * hours_present::FLOAT / NULLIF(hours_expected, 0), 2) AS completeness_pct
FROM unpivoted;
