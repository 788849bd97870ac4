-- Daily values by INMET's own windows; hours are labelled with their end, in UTC.
-- Rain of day D: the labels 13 UTC of D-1 to 12 UTC of D. All else: 01 UTC of D to 00 UTC of D+1.
-- A value needs 22 of the 24 hours, humidity 12; else it is null.
-- INMET rounds a half up, from exact sums: in thousandths the sums of FLOAT are exact.
CREATE OR REPLACE VIEW ${clean_schema}.DAILY COPY GRANTS AS
WITH rain AS (
    SELECT
        station_id,
        DATEADD('HOUR', 11, observed_at)::DATE AS day,
        COUNT(precipitation_mm) AS precipitation_hours,
        ROUND(SUM(precipitation_mm), 1) AS precipitation_mm
    FROM ${clean_table}
    GROUP BY station_id, DATEADD('HOUR', 11, observed_at)::DATE
),

others AS (
    SELECT
        station_id,
        DATEADD('HOUR', -1, observed_at)::DATE AS day,
        IFF(
            COUNT(temperature_c) >= 22, ROUND(AVG(ROUND(temperature_c * 1000)) / 100) / 10, NULL
        ) AS temperature_mean_c,
        IFF(COUNT(temperature_max_c) >= 22, MAX(temperature_max_c), NULL) AS temperature_max_c,
        IFF(COUNT(temperature_min_c) >= 22, MIN(temperature_min_c), NULL) AS temperature_min_c,
        IFF(
            COUNT(humidity_pct) >= 12, ROUND(AVG(ROUND(humidity_pct * 1000)) / 100) / 10, NULL
        ) AS humidity_mean_pct,
        IFF(
            COUNT(pressure_hpa) >= 22, ROUND(AVG(ROUND(pressure_hpa * 1000)) / 100) / 10, NULL
        ) AS pressure_mean_hpa,
        IFF(
            COUNT(wind_speed_ms) >= 22, ROUND(AVG(ROUND(wind_speed_ms * 1000)) / 100) / 10, NULL
        ) AS wind_speed_mean_ms,
        IFF(COUNT(wind_gust_ms) >= 22, MAX(wind_gust_ms), NULL) AS wind_gust_max_ms,
        -- Null at night is no missing value. 12 to 20 UTC is day in all of Brazil, all year: an
        -- hour outside it in which the station reported counts as there.
        IFF(
            COUNT(
                CASE
                    WHEN
                        radiation_kj_m2 IS NOT NULL OR HOUR(observed_at) NOT BETWEEN 12 AND 20
                        THEN 1
                END
            ) >= 22,
            ROUND(SUM(radiation_kj_m2), 1),
            NULL
        ) AS radiation_kj_m2
    FROM ${clean_table}
    GROUP BY station_id, DATEADD('HOUR', -1, observed_at)::DATE
)

SELECT -- noqa: ST06
    COALESCE(rain.station_id, others.station_id) AS station_id,
    COALESCE(rain.day, others.day) AS day,
    IFF(rain.precipitation_hours >= 22, rain.precipitation_mm, NULL) AS precipitation_mm,
    COALESCE(rain.precipitation_hours, 0) AS precipitation_hours,
    others.temperature_mean_c,
    others.temperature_max_c,
    others.temperature_min_c,
    others.humidity_mean_pct,
    others.pressure_mean_hpa,
    others.wind_speed_mean_ms,
    others.wind_gust_max_ms,
    others.radiation_kj_m2
FROM rain
FULL OUTER JOIN others
    ON rain.station_id = others.station_id AND rain.day = others.day;
