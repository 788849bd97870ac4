-- Every version of every station, for the file beside the clean CSV.
SELECT
    station_id,
    station_name,
    uf,
    region,
    latitude_deg,
    longitude_deg,
    altitude_m,
    founded_on,
    valid_from,
    valid_to,
    is_current
FROM ${clean_schema}.STATIONS
ORDER BY station_id, valid_from;
