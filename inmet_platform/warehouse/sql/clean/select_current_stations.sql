SELECT
    station_id,
    station_name,
    latitude_deg,
    longitude_deg
FROM ${clean_schema}.STATIONS
WHERE is_current AND station_id <> 'Z999'
ORDER BY station_id;
