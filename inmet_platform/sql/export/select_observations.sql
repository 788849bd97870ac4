SELECT
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
    wind_speed_ms
FROM ${clean_table}
WHERE station_id BETWEEN %(first_station)s AND %(last_station)s
ORDER BY station_id, observed_at;
